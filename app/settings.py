"""Every environment variable, typed. A missing or misspelt value stops the start with its name."""

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from socket import inet_aton
from typing import Literal
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT_SECRET = "only-for-development"  # noqa: S105 - refused in production by its value
DEFAULT_ENCRYPTION_KEY = "b25seS1mb3ItZGV2ZWxvcG1lbnQtMzItYnl0ZXMhISE="
SANDBOX_HOSTS = ("localhost", "sandbox")
SANDBOX_PORT = 5050
OUR_OWN = {"database_url", "redis_url", "public_url"}  # every other address is a vendor's


class SettingsError(SystemExit):
    """The environment is not usable; the text names the settings at fault."""


class Settings(BaseSettings):
    """Names are those of the environment, in lower case; units are in the names."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    guiche_env: Literal["development", "production", "test"] = "development"
    database_url: str = ""
    redis_url: str = ""
    secret_key: str = DEFAULT_SECRET
    encryption_key: str = DEFAULT_ENCRYPTION_KEY
    public_url: str = ""
    port: int = Field(5000, ge=1, le=65535)
    company_name: str = "Guichê"
    screen_languages: str = "pt_BR"
    flask_debug: bool = False
    clock_shift_seconds: int = 0
    database_pool_size: int = Field(20, ge=1)
    trusted_proxies: int = Field(0, ge=0)
    receipt_retention_days: int = Field(90, ge=1)
    webhook_max_bytes: int = Field(1_048_576, ge=1024)
    open_webhooks: bool | None = None
    invitation_hours: int = Field(72, ge=1)
    session_hours: int = Field(12, ge=1)
    fictitious_data: bool = False
    demo_password: str = ""

    # How long what somebody sends can be taken back, unless they chose otherwise; 0: not at all.
    undo_send_seconds: int = Field(5, ge=0, le=30)

    # Waits of the sweeps; the tests shorten them.
    send_lease_seconds: float = Field(45, gt=0)
    retry_waits_seconds: str = "1,2,4"
    sweep_after_seconds: float = Field(5, gt=0)
    away_after_seconds: float = Field(60, gt=0)

    # Files of messages and contacts: a folder that every process shares, or a bucket.
    media_storage: Literal["folder", "s3"] = "folder"
    media_folder: str = ""
    media_max_bytes: int = Field(104_857_600, ge=1024)
    media_fetch_seconds: float = Field(60, gt=0)
    media_retry_waits_seconds: str = "2,15,60,300"
    media_private_networks: str = ""
    media_send_as: Literal["link", "content"] = "link"
    show_revoked_messages: bool = True
    # WhatsApp's own limits, which its gateways do not document.
    message_edit_minutes: int = Field(15, gt=0)
    message_delete_hours: int = Field(60, gt=0)
    s3_bucket: str = ""
    s3_prefix: str = ""
    s3_region: str = ""
    s3_endpoint: str = ""
    s3_access_key_id: str = ""
    s3_secret_access_key: str = ""

    algorithm: str = "HS256"
    access_token_expire_minutes: int = 30
    token_secreto: str = ""
    politica_reparcelamento: Literal["guiche", "legado"] = "guiche"
    authentication_api_key: str = ""
    api_requests_per_second: int = Field(200, ge=1)  # of one key

    zapi_base_url: str = "https://api.z-api.io"
    zapi_instance_id: str = ""
    zapi_instance_token: str = ""
    zapi_client_token: str = ""
    zapi_webhook_secret: str = Field("", pattern=r"^([A-Za-z0-9_-]{32,200})?$")  # of its address
    zapi_pace_seconds: float = Field(1.0, ge=0)
    outside_timeout_seconds: float = Field(15, gt=0)

    openai_api_key: str = ""
    openai_model: str = ""
    openai_base_url: str = "https://api.openai.com/v1"
    supabase_url: str = ""
    supabase_service_role_key: str = ""
    chatwoot_api_url: str = ""
    chatwoot_api_token: str = ""
    chatwoot_account_id: str = ""
    piperun_api_url: str = ""
    piperun_api_token: str = ""
    piperun_pipeline_id: str = ""
    piperun_stage_id: str = ""
    piperun_origin_id: str = ""
    sienge_url: str = ""  # before the subdomain: https://api.sienge.com.br
    sienge_subdomain: str = ""
    sienge_user: str = ""
    sienge_password: str = ""
    sienge_webhook_token: str = ""  # that its webhooks bear; without one they are refused
    sienge_calls_per_minute: int = Field(180, ge=1)  # of 200 that a company's programs share
    sienge_retry_waits_seconds: str = "0.5,2"  # between the tries of one reading call
    erp_retry_waits_seconds: str = "15,60,300"  # between the tries of a whole look-up
    octadesk_url: str = ""
    octadesk_api_key: str = ""
    octadesk_agent_email: str = ""
    fluig_url: str = ""
    pipedrive_api_url: str = ""
    pipedrive_api_token: str = ""
    pipedrive_pipeline_id: int | None = None
    pipedrive_stage_id: int | None = None
    pipedrive_calls_in_two_seconds: int = Field(20, ge=1)  # the plan's burst
    pipedrive_daily_tokens: int = Field(30_000, ge=1)  # the plan's daily budget
    crm_retry_waits_seconds: str = "30,60,300,1800"
    sendgrid_base_url: str = ""
    whatsapp_graph_url: str = ""

    @property
    def is_production(self) -> bool:
        """Whether defaults and doubles are refused."""
        return self.guiche_env == "production"

    @property
    def accepts_open_webhooks(self) -> bool:
        """Whether the replaced systems' webhook addresses, which have no secret, are served."""
        return not self.is_production if self.open_webhooks is None else self.open_webhooks

    @property
    def sqlalchemy_url(self) -> str:
        """The database's address with the driver this product uses."""
        scheme, separator, rest = self.database_url.partition("://")
        known = {"postgres", "postgresql", "postgresql+psycopg"}
        if not separator or scheme not in known:
            raise SettingsError("DATABASE_URL: esperado um endereço postgresql://…")
        return f"postgresql+psycopg://{rest}"

    @property
    def locales(self) -> list[str]:
        """The languages screens are rendered in."""
        return [name.strip() for name in self.screen_languages.split(",") if name.strip()]

    @property
    def retry_waits(self) -> list[float]:
        """Seconds to wait before the second, third and fourth try of a send."""
        return [float(part) for part in self.retry_waits_seconds.split(",") if part.strip()]

    @property
    def media_retry_waits(self) -> list[float]:
        """Seconds to wait before the second, third … try to fetch a file."""
        return [float(part) for part in self.media_retry_waits_seconds.split(",") if part.strip()]

    @property
    def crm_retry_waits(self) -> list[float]:
        """Seconds to wait before the second, third … try to write a protocol to the CRM."""
        return [float(part) for part in self.crm_retry_waits_seconds.split(",") if part.strip()]

    @property
    def sienge_retry_waits(self) -> list[float]:
        """Seconds to wait before the second, third … try of one call that only reads."""
        return [float(part) for part in self.sienge_retry_waits_seconds.split(",") if part.strip()]

    @property
    def erp_retry_waits(self) -> list[float]:
        """Seconds to wait before the second, third … try of what the ERP is asked for."""
        return [float(part) for part in self.erp_retry_waits_seconds.split(",") if part.strip()]

    @property
    def private_networks(self) -> list[IPv4Network | IPv6Network]:
        """Private networks from which files may be fetched all the same."""
        parts = [part.strip() for part in self.media_private_networks.split(",")]
        return [ip_network(part, strict=False) for part in parts if part]


def load_settings(overrides: Mapping[str, object] | None = None) -> Settings:
    """The settings of this environment, checked; raises SettingsError naming what is wrong."""
    try:
        settings = Settings(**(overrides or {}))  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        faults = [
            f"{str(fault['loc'][0]).upper()}: valor inválido ({fault['msg']})"
            for fault in error.errors()
        ]
        raise SettingsError("Configuração inválida. " + "; ".join(faults)) from None
    missing = [
        name.upper() for name in ("database_url", "redis_url") if not getattr(settings, name)
    ]
    if missing:
        raise SettingsError(
            f"Falta {' e '.join(missing)}. Defina no ambiente, ou use `make demo`, que os traz."
        )
    _check_forms(settings)
    _check_media(settings)
    if settings.is_production:
        _refuse_unsafe(settings)
    return settings


def _check_forms(settings: Settings) -> None:
    """What pydantic takes for any text would otherwise fail where it is used, without its name."""
    for name, is_good, wanted in (
        ("REDIS_URL", _is_redis(settings.redis_url), "um endereço redis://, rediss:// ou unix://"),
        ("ENCRYPTION_KEY", _is_fernet_key(settings.encryption_key), "uma chave Fernet"),
        (
            "RETRY_WAITS_SECONDS",
            _are_seconds(settings.retry_waits_seconds),
            "segundos, por vírgula",
        ),
        (
            "CRM_RETRY_WAITS_SECONDS",
            _are_seconds(settings.crm_retry_waits_seconds),
            "segundos, por vírgula",
        ),
        (
            "SIENGE_RETRY_WAITS_SECONDS",
            _are_seconds(settings.sienge_retry_waits_seconds),
            "segundos, por vírgula",
        ),
        (
            "ERP_RETRY_WAITS_SECONDS",
            _are_seconds(settings.erp_retry_waits_seconds),
            "segundos, por vírgula",
        ),
        ("SCREEN_LANGUAGES", _are_languages(settings.locales), "idiomas, como pt_BR, por vírgula"),
    ):
        if not is_good:
            raise SettingsError(f"{name}: valor inválido; esperado: {wanted}.")


def _is_redis(url: str) -> bool:
    return url.startswith(("redis://", "rediss://", "unix://"))


def _is_fernet_key(key: str) -> bool:
    try:
        return len(urlsafe_b64decode(key)) == 32
    except ValueError:
        return False


def _are_seconds(text: str) -> bool:
    try:
        return all(float(part) >= 0 for part in text.split(",") if part.strip())
    except ValueError:
        return False


def _are_languages(names: list[str]) -> bool:
    try:
        return bool([Locale.parse(name) for name in names])
    except (ValueError, UnknownLocaleError):
        return False


def _check_media(settings: Settings) -> None:
    try:
        networks, waits = settings.private_networks, settings.media_retry_waits
    except ValueError as error:
        names = "MEDIA_PRIVATE_NETWORKS ou MEDIA_RETRY_WAITS_SECONDS"
        raise SettingsError(f"{names}: valor inválido ({error})") from None
    del networks, waits
    if settings.media_storage == "s3" and not settings.s3_bucket:
        raise SettingsError("S3_BUCKET: diga em que balde os arquivos ficam")


def _refuse_unsafe(settings: Settings) -> None:
    faults = []
    if settings.secret_key == DEFAULT_SECRET or len(settings.secret_key) < 32:
        faults.append("SECRET_KEY: gere uma de pelo menos 32 caracteres")
    if settings.encryption_key == DEFAULT_ENCRYPTION_KEY:
        faults.append("ENCRYPTION_KEY: gere uma com `flask key create`")
    if settings.flask_debug:
        faults.append("FLASK_DEBUG: não é aceito em produção")
    if settings.clock_shift_seconds:
        faults.append("CLOCK_SHIFT_SECONDS: não é aceito em produção")
    if not settings.public_url.startswith("https://"):
        faults.append("PUBLIC_URL: informe o endereço https:// que os clientes e a equipe usam")
    if settings.media_storage == "folder" and not settings.media_folder:
        faults.append("MEDIA_FOLDER: diga em que pasta os arquivos das mensagens ficam")
    for name in Settings.model_fields:
        if not name.endswith("_url") or name in OUR_OWN:
            continue
        if _is_sandbox(getattr(settings, name)):
            faults.append(f"{name.upper()}: aponta para a simulação local (sandbox)")
    if faults:
        raise SettingsError("Produção recusada. " + "; ".join(faults) + ".")


def _is_sandbox(url: str) -> bool:
    """Whether the address is this machine's, or bears the sandbox's name or port."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return False  # no address at all: the first call says so
    if port == SANDBOX_PORT or host.split(".")[0] in SANDBOX_HOSTS or host.endswith(".localhost"):
        return True
    address = _address(host)
    return address is not None and (address.is_loopback or address.is_unspecified)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(host)
    except ValueError:
        try:
            return IPv4Address(inet_aton(host))  # 127.1 and 0 are addresses as well
        except OSError:
            return None
    return getattr(found, "ipv4_mapped", None) or found
