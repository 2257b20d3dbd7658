"""The optional second factor: six digits from an application, or a recovery code, each once."""

import base64
import hmac
import secrets

import pyotp
from sqlalchemy import delete, func, or_, select, update

from app import clock
from app.accounts import audit
from app.accounts.live import staff_changed
from app.accounts.models import RecoveryCode, User
from app.errors import Conflict, GuicheError
from app.extensions import current_settings, db
from app.secrets import digest
from app.transactions import atomic, on_commit

STEP_SECONDS = 30
RECOVERY_CODES = 10


def begin(user_id: int) -> None:
    """Make a secret to set the application up with; nothing is asked for until it is confirmed."""
    with atomic() as session:
        user = session.get_one(User, user_id, with_for_update=True, populate_existing=True)
        if user.totp_enabled_at is not None:
            raise Conflict("A verificação em duas etapas já está ligada.")
        user.totp_secret = pyotp.random_base32()


def address_for(user: User) -> str:
    """What the QR code says: an `otpauth://` address with the secret."""
    totp = pyotp.TOTP(user.totp_secret or "")
    return totp.provisioning_uri(name=user.email, issuer_name=current_settings().company_name)


def confirm(user_id: int, code: str) -> list[str]:
    """Turn the second factor on once the application shows the right code; the recovery codes."""
    with atomic() as session:
        user = session.get_one(User, user_id, with_for_update=True, populate_existing=True)
        if user.totp_enabled_at is not None or user.totp_secret is None:
            raise Conflict("A verificação em duas etapas já está ligada ou não foi iniciada.")
        step = _step_of(user.totp_secret, code)
        if step is None:
            raise GuicheError("O código não confere. Digite o que o aplicativo mostra agora.", 422)
        user.totp_last_step = step
        user.totp_enabled_at = clock.now()
        user.version += 1
        audit.record(user, "second_factor.enabled", "user", user.id)
        on_commit(lambda: staff_changed(user))
        return _renew_codes(user)


def renew_codes(user_id: int) -> list[str]:
    """Ten new recovery codes; the old ones stop working."""
    with atomic() as session:
        user = session.get_one(User, user_id)
        if user.totp_enabled_at is None:
            raise Conflict("A verificação em duas etapas está desligada.")
        audit.record(user, "second_factor.codes_renewed", "user", user.id)
        return _renew_codes(user)


def disable(user_id: int, actor: User | str) -> None:
    """Turn the second factor off and forget its secret and codes."""
    with atomic() as session:
        user = session.get_one(User, user_id, with_for_update=True, populate_existing=True)
        if user.totp_enabled_at is None and user.totp_secret is None:
            return
        user.totp_secret = user.totp_enabled_at = user.totp_last_step = None
        user.version += 1
        session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
        audit.record(actor, "second_factor.disabled", "user", user.id)
        on_commit(lambda: staff_changed(user))


def accept(user_id: int, typed: str) -> bool:
    """Whether this is the present code, or an unused recovery code; either works only once."""
    code = "".join(typed.split()).replace("-", "")
    with atomic():
        return _accept_digits(user_id, code) if code.isdigit() else _accept_spare(user_id, code)


def codes_left(user_id: int) -> int:
    """How many recovery codes are still unused."""
    unused = RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    return db.session.scalar(select(func.count()).where(*unused)) or 0


def _accept_digits(user_id: int, code: str) -> bool:
    user = db.session.get_one(User, user_id)
    step = _step_of(user.totp_secret, code) if user.totp_secret else None
    if step is None:
        return False
    newer = or_(User.totp_last_step.is_(None), User.totp_last_step < step)
    used = db.session.execute(
        update(User).where(User.id == user_id, newer).values(totp_last_step=step)
        .returning(User.id)
    )  # fmt: skip
    return used.first() is not None


def _accept_spare(user_id: int, code: str) -> bool:
    used = db.session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.code_hash == digest(code.upper()),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
        .returning(RecoveryCode.id)
    )
    if used.first() is None:
        return False
    user = db.session.get_one(User, user_id)
    left = codes_left(user_id)
    audit.record(user, "second_factor.recovery_code_used", "user", user_id, after={"left": left})
    return True


def _step_of(secret: str, typed: str) -> int | None:
    """The half minute whose code this is; clocks may differ by one."""
    code = "".join(typed.split()).encode()
    totp = pyotp.TOTP(secret)
    present = int(clock.now().timestamp()) // STEP_SECONDS
    for step in (present, present - 1, present + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code):
            return step
    return None


def _renew_codes(user: User) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [base64.b32encode(secrets.token_bytes(10)).decode() for _ in range(RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(user_id=user.id, code_hash=digest(code)) for code in codes)
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in codes]
