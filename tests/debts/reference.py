"""The same rules a second time, slowly and plainly, in Fractions: what the engine must equal.

Nothing here is imported from the product. Money is in reais, as Fractions.
"""

from datetime import date, timedelta
from fractions import Fraction as F
from math import floor

DAY = timedelta(days=1)


def r(value: F, places: int = 2) -> F:
    """Half-up, away from nothing: what is rounded is never negative."""
    unit = 10**places
    return F(floor(value * unit + F(1, 2)), unit)


def easter(year: int) -> date:
    """Gauss, in the form of Meeus, Jones and Butcher."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


def is_holiday(day: date) -> bool:
    """The bank holidays, written out."""
    fixed = {(1, 1), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (12, 25)}
    if day.year >= 2024:
        fixed.add((11, 20))
    moving = {easter(day.year) + n * DAY for n in (-48, -47, -2, 60)}
    return (day.month, day.day) in fixed or day in moving


def is_business(day: date) -> bool:
    """Banks work."""
    return day.weekday() < 5 and not is_holiday(day)


def until(day: date) -> date:
    """The first business day from this one on."""
    while not is_business(day):
        day += DAY
    return day


def last_of(year: int, month: int) -> int:
    """The last day of a month."""
    return ((date(year + month // 12, month % 12 + 1, 1)) - DAY).day


def month_later(start: date, months: int, anchor: int | None = None) -> date:
    """The same day some months later, clamped to the month's end."""
    year, index = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, index + 1, min(anchor or start.day, last_of(year, index + 1)))


def late(principal: F, fine: F, month: F, days: F) -> tuple[F, F]:
    """Fine and interest of one instalment; `days` may be thirtieths of months."""
    if days <= 0:
        return F(0), F(0)
    return r(principal * fine), r(principal * month * days / 30)


def anniversaries(start: date, end: date) -> tuple[int, int]:
    """Whole months and the days after them, counted one by one."""
    months = 0
    while month_later(start, months + 1) <= end:
        months += 1
    return months, (end - month_later(start, months)).days


def split(value: F, n: int) -> list[F]:
    """Equal parts, the last one what is left."""
    parts, left = [], value
    for k in range(n):
        parts.append(left if k == n - 1 else min(r(value / n), left))
        left -= parts[-1]
    return parts


def table(method: str, value: F, i: F, n: int) -> list[tuple[F, F, F, F]]:
    """Payment, interest, amortisation, balance of each line."""
    if i == 0 or method == "IGUAIS":
        method, i = "IGUAIS", F(0)
    den = n * (1 + i * F(n - 1, 2))
    payment = {
        "GAUSS": lambda: r(value * (1 + n * i) / den),
        "PRICE": lambda: r(value * i / (1 - 1 / (1 + i) ** n)),
        "SAC": lambda: F(0),
        "IGUAIS": lambda: F(0),
    }[method]()
    lines, balance = [], value
    for k in range(1, n + 1):
        interest = r(value * i * (n - k + 1) / den) if method == "GAUSS" else r(balance * i)
        part = payment - interest if method in ("GAUSS", "PRICE") else r(value / n)
        part = balance if k == n else min(part, balance)
        balance -= part
        lines.append((part + interest, interest, part, balance))
    return lines


def share(base: F, part: F) -> F:
    """A rounded part."""
    return r(base * part)


def capacity(case: dict, part: F) -> F | None:
    """The most an instalment should be."""
    current, income, limits = case["current"], case["income"], []
    if current is not None:
        limits.append(r(current * part))
    if income is not None:
        limits.append(max(F(0), r(income * case["income_part"]) - (current or 0)))
    return min(limits) if limits else None


def proposals(case: dict, p: dict) -> tuple[str, list[dict]]:
    """The ladder and the three proposals of a debt of P, M, J under a policy of Fractions."""
    P, M, J = case["P"], case["M"], case["J"]
    T, least = P + M + J, p["parcela_minima"]
    if p["valor_irrisorio"] > T:
        return "irrisorio", []
    a, b, c = p["A"], p["B"], p["C"]
    total_a = T - share(M, a["desc_multa"]) - share(J, a["desc_juros"])
    total_a -= share(P, a["desc_principal"])
    made = [{"tipo": "A", "entrada": total_a, "n": 0, "total": total_a, "parcela": None}]
    m, j = M - share(M, c["desc_multa"]), J - share(J, c["desc_juros"])
    base = P + m + j
    entry = max(share(base, c["entrada"]), least)
    fin = max(F(0), base - entry)
    to_j = min(entry, j)
    to_m = min(entry - to_j, m)
    fin_p, fin_e = P - (entry - to_j - to_m), (j - to_j) + (m - to_m)
    n_min = floor(fin / least)
    base_b = T - share(M, b["desc_multa"]) - share(J, b["desc_juros"])
    pct = min(b["entrada_max"], b["entrada"] + case["broken"] * b["entrada_por_quebra"])
    entry_b = max(share(base_b, pct), least)
    fin_b = max(F(0), base_b - entry_b)
    cap_n = min(b["n_max"], n_min // 2, floor(fin_b / least))
    if n_min < 4 or cap_n < 2:
        return "pequeno_valor", made + small(case, p, T, base_b)
    cap = capacity(case, b["comprometimento"])
    n = min(b["n_alvo"], cap_n)
    while cap is not None and n < cap_n and r(fin_b / n) > cap:
        n += 1
    parts = split(fin_b, n)
    made.append({"tipo": "B", "entrada": entry_b, "n": n, "total": base_b, "parcela": parts[0],
                 "ultima": parts[-1], "acima": cap is not None and r(fin_b / n) > cap})  # fmt: skip
    cap = capacity(case, c["comprometimento"])
    room = max(c["n_max_sem_prazo"], case["months"] + c["prazo_extra"])
    cap_n = min(c["n_max"], room, n_min)

    def lines(n: int) -> list[F]:
        rows = table(c["metodo"], fin_p, c["taxa_mes"], n)
        return [row[0] + e for row, e in zip(rows, split(fin_e, n), strict=True)]

    n = min(c["n_alvo"], cap_n)
    while cap is not None and n < cap_n and lines(n)[0] > cap:
        n += 1
    paid = lines(n)
    made.append({"tipo": "C", "entrada": entry, "n": n, "total": entry + sum(paid),
                 "parcela": paid[0], "ultima": paid[-1], "fin_p": fin_p, "fin_e": fin_e,
                 "acima": cap is not None and paid[0] > cap})  # fmt: skip
    return "normal", made


def small(case: dict, p: dict, T: F, base_b: F) -> list[dict]:
    """B and C of the small ladder."""
    made = []
    if base_b >= 2 * p["parcela_minima_reduzida"]:
        entry = r(base_b / 2)
        made.append({"tipo": "B", "entrada": entry, "n": 1, "total": base_b,
                     "parcela": base_b - entry, "ultima": base_b - entry})  # fmt: skip
    k = max(1, min(3, case["future"], floor(T / p["adicional_minimo"])))
    parts = split(T, k if case["future"] else 1)
    made.append({"tipo": "C", "entrada": F(0), "n": len(parts), "total": T, "parcela": parts[0],
                 "ultima": parts[-1],
                 "modo": "diluir" if case["future"] else "pagamento_unico_30_dias"})  # fmt: skip
    return made
