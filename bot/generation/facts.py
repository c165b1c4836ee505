"""The fact sheet of one customer: what a text may say about them and about the company that writes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.generation.brief import FactSheet
from db.queries.customers import CustomerDetail
from db.vocabulary import CompanyProfile

MONTHS_PER_PERIOD = {"month": 1, "monthly": 1, "quarter": 3, "quarterly": 3, "year": 12, "yearly": 12, "annual": 12}
MAX_SAID = 500
MAX_NAME = 80


def fact_sheet(
    customer: CustomerDetail,
    company: CompanyProfile | None,
    today: date,
    *,
    said: Sequence[str] = (),
    usage: Mapping[str, float] | None = None,
    last_issue: str | None = None,
) -> FactSheet:
    """The facts of one customer and of no other.

    `said` holds what the customer wrote, oldest first; long texts are cut. Facts that are not known are left out,
    so that no text can mention them.
    """
    values: dict[str, Any] = {
        "today": today.isoformat(),
        "language": customer.language or "en",
        "customer_id": customer.customer_id,
        "first_name": (customer.first_name or "")[:MAX_NAME],
        "last_name": (customer.last_name or "")[:MAX_NAME],
        "email": customer.email,
        "plan": customer.plan,
        "price": _price(customer),
        "currency": customer.currency or (company.currency if company else None),
        "billing_period": customer.billing_period or "month",
        "customer_since": customer.signed_up_on.isoformat() if customer.signed_up_on else None,
        "tenure_months": _tenure(customer, today),
        "renewal_date": customer.renewal_date.isoformat() if customer.renewal_date else None,
        "paid_until": customer.renewal_date.isoformat() if customer.renewal_date else None,
        "usage": dict(usage) if usage else None,
        "last_issue": last_issue,
        "last_message": said[-1][:MAX_SAID] if said else None,
        "conversation": [text[:MAX_SAID] for text in said[:-1]] or None,
        **_company_facts(company),
    }
    return FactSheet({name: value for name, value in values.items() if value not in (None, "", [])})


def _company_facts(company: CompanyProfile | None) -> dict[str, Any]:
    if company is None:
        return {}
    return {
        "company": company.company,
        "website": company.website,
        "support_email": company.support_email,
        "support_phone": company.support_phone,
        "support_hours": company.support_hours,
        "postal_address": company.postal_address,
        "unsubscribe_url": company.unsubscribe_url,
        "cancel_path": company.cancel_path,
        "products": list(company.products),
        "competitors": list(company.competitors),
    }


def _price(customer: CustomerDetail) -> float | None:
    """What is billed each period; None where the revenue is not known to be the price of the plan."""
    if customer.monthly_revenue is None or customer.monthly_revenue <= 0:
        return None
    months = MONTHS_PER_PERIOD.get((customer.billing_period or "month").casefold())
    return None if months is None else round(customer.monthly_revenue * months, 2)


def _tenure(customer: CustomerDetail, today: date) -> int | None:
    if customer.signed_up_on is not None and customer.signed_up_on <= today:
        months = (today.year - customer.signed_up_on.year) * 12 + today.month - customer.signed_up_on.month
        return max(0, months - (today.day < customer.signed_up_on.day))
    return int(customer.tenure_months) if customer.tenure_months is not None else None
