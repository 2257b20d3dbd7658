"""The tables of the Brazilian rules, and properties that hold for every number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from validate_docbr import CNPJ, CPF

from app.contacts import ids


@pytest.mark.parametrize(
    "text",
    [
        *("52998224725", "11144477735", "12345678909", "01234567890", "00000000191"),
        *("98765432100", "10000000019", "93541134780", "39053344705", "529.982.247-25"),
    ],
)
def test_a_valid_cpf_is_accepted(text):
    assert ids.cpf(text) == "".join(filter(str.isdigit, text))


@pytest.mark.parametrize(
    "text",
    [
        *("52998224724", "11111111111", "00000000000", "5299822472", "", "191"),
        *("٥٢٩٩٨٢٢٤٧٢٥", "529982247255", "529.982.247-2x", "５２９９８２２４７２５"),
    ],
)
def test_an_invalid_cpf_is_refused(text):
    assert ids.cpf(text) is None


def test_a_cpf_is_masked_and_shown():
    assert ids.mask_cpf("52998224725") == "***.982.247-**"
    assert ids.display_cpf("52998224725") == "529.982.247-25"


@pytest.mark.parametrize(
    "text",
    [
        *("12ABC34501DE35", "12.ABC.345/01DE-35", "A1B2C3D4000193", "ZZZZZZZZ000191"),
        *("AAAAAAAA000191", "0A1B2C3D4E5F23", "00000000000A04", "SIENGE00000160"),
        *("B0AC0NST000190", "11222333000181", "11222333000262", "12345678000195"),
        *("00000000000191", "12abc34501de35"),
    ],
)
def test_a_valid_cnpj_is_accepted(text):
    assert ids.cnpj(text) == "".join(filter(str.isalnum, text)).upper()


@pytest.mark.parametrize(
    "text",
    [
        *("12ABC34501DE36", "12ABC34501DE3A", "00000000000000", "11111111111111"),
        *("12ÇBC34501DE35", "1122233300018", "11222333000182", ""),
    ],
)
def test_an_invalid_cnpj_is_refused(text):
    assert ids.cnpj(text) is None


def test_a_cnpj_is_shown_with_its_mask():
    assert ids.display_cnpj("12ABC34501DE35") == "12.ABC.345/01DE-35"


@given(st.text("0123456789", min_size=11, max_size=11))
def test_cpf_agrees_with_an_independent_library(digits):
    assert (ids.cpf(digits) is not None) == CPF().validate(digits)


@given(st.integers(0, 10**9 - 1))
def test_exactly_one_pair_of_check_digits_makes_a_cpf(root):
    base = f"{root:09d}"
    valid = [f"{base}{end:02d}" for end in range(100) if ids.cpf(f"{base}{end:02d}")]
    assert len(valid) == (0 if len(set(base)) == 1 else 1)


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=12, max_size=12))
def test_exactly_one_pair_of_check_digits_makes_a_cnpj(base):
    valid = [f"{base}{end:02d}" for end in range(100) if ids.cnpj(f"{base}{end:02d}")]
    assert len(valid) == 1 or len(set(base)) == 1
    assert all(CNPJ().validate(number) for number in valid)


@pytest.mark.parametrize(
    "text",
    [
        *("(41) 98765-4321", "41987654321", "+55 41 98765-4321", "5541987654321"),
        *("041 98765-4321", "0 15 41 98765-4321", "0055 41 98765-4321", "(041) 98765-4321"),
    ],
)
def test_a_mobile_in_any_form_is_one_number(text):
    assert ids.phone(text) == ids.Phone("+5541987654321", "mobile")


@pytest.mark.parametrize("text", ["(41) 8765-4321", "554187654321"])
def test_the_ninth_digit_is_added_and_remembered(text):
    assert ids.phone(text) == ids.Phone("+5541987654321", "mobile", ninth_added=True)


@pytest.mark.parametrize("text", ["(41) 3333-4444", "554133334444"])
def test_a_landline_keeps_its_eight_digits(text):
    assert ids.phone(text) == ids.Phone("+554133334444", "landline")


def test_a_local_number_needs_a_default_area():
    assert ids.phone("98765-4321", default_area="41").e164 == "+5541987654321"
    with pytest.raises(ids.InvalidPhone, match="Falta o DDD"):
        ids.phone("98765-4321")


@pytest.mark.parametrize("text", ["55987654321", "5555987654321"])
def test_area_55_is_not_the_country(text):
    assert ids.phone(text) == ids.Phone("+5555987654321", "mobile")


def test_ten_digits_beginning_with_55_are_marked_ambiguous():
    assert ids.phone("5587654321") == ids.Phone("+5555987654321", "mobile", True, ambiguous=True)


def test_a_foreign_number_is_kept():
    assert ids.phone("+1 650 253 0000") == ids.Phone("+16502530000", "foreign")
    assert ids.display_phone("+16502530000") == "+1 650-253-0000"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("20987654321", "DDD"),
        ("(41) 18765-4321", "começa com 9"),
        ("(41) 1876-4321", "fixo"),
        ("419876543210", "dígitos"),
        ("0800 123 4567", "serviço"),
        ("4004-1234", "serviço"),
        ("", "Informe"),
        ("quatro um", "números"),
        ("+999 1234", "país"),
        ("+1 65", "dígitos"),
    ],
)
def test_what_is_no_phone_is_refused_with_the_reason(text, reason):
    with pytest.raises(ids.InvalidPhone, match=reason):
        ids.phone(text)


def test_the_sample_area_is_admitted_only_with_fictitious_data():
    assert ids.phone("+55 00 91234-5678", fictitious=True).e164 == "+5500912345678"
    with pytest.raises(ids.InvalidPhone):
        ids.phone("+55 00 91234-5678")


@pytest.mark.parametrize(
    "text",
    ["(00) 90001-0003", "00900010003", "00 0001-0003", "55 00 90001 0003", "+55 (00) 0001-0003"],
)
def test_the_sample_area_is_no_call_abroad(text):
    assert ids.phone(text, fictitious=True).e164 == "+5500900010003"


def test_calls_abroad_are_read_as_such_beside_the_sample_area():
    assert ids.phone("00 1 650 253 0000", fictitious=True).e164 == "+16502530000"
    assert ids.phone("0055 41 98765-4321", fictitious=True).e164 == "+5541987654321"


@given(st.sampled_from(sorted(ids.AREA_CODES)), st.integers(60_000_000, 99_999_999))
def test_with_and_without_the_ninth_digit_is_one_person(area, number):
    without, with_ninth = f"55{area}{number}", f"55{area}9{number}"
    assert ids.provider_phone(without) == ids.provider_phone(with_ninth)
    assert ids.provider_phone(without)[0] == ids.phone(with_ninth).e164


def test_a_landline_and_a_mobile_that_end_alike_are_two_people():
    assert ids.match_key("554133334444") != ids.match_key("5541933334444")


def test_a_providers_address_is_never_refused():
    assert ids.provider_phone("5500912345678") == ("+5500912345678", "m:550012345678")
    assert ids.provider_phone("550012345678")[1] == "m:550012345678"
    assert ids.provider_phone("550033334444")[1] == "p:550033334444"
    assert ids.provider_phone("554112345678")[1] == "p:554112345678"
    assert ids.provider_phone("16502530000") == ("+16502530000", "p:16502530000")
    assert ids.provider_phone("5120987") == ("+5120987", "p:5120987")


@given(st.text(max_size=30))
def test_any_typed_text_is_a_phone_or_a_sentence(text):
    try:
        result = ids.phone(text, default_area="41").e164
    except ids.InvalidPhone as refusal:
        result = str(refusal)
    assert result.startswith("+") or result.endswith(".")


@pytest.mark.parametrize(
    ("e164", "shown"),
    [("+5541987654321", "(41) 98765-4321"), ("+554133334444", "(41) 3333-4444"), ("+7", "+7")],
)
def test_phones_are_shown_the_brazilian_way(e164, shown):
    assert ids.display_phone(e164) == shown


def test_the_list_of_areas_is_complete():
    assert len(ids.AREA_CODES) == 67


def test_a_cep_has_eight_digits():
    assert ids.cep("80000-123") == "80000123"
    assert ids.display_cep("01310100") == "01310-100"
    assert ids.cep("8000-123") is None
