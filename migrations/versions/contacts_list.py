"""The list of contacts: found by any run of a phone's digits, by e-mail, and read by name."""

from alembic import op
import sqlalchemy as sa

revision = "contacts_list"
down_revision = "labels"
branch_labels = None
depends_on = None

# All the ends of a number from four digits on: a run of digits begins one of them, so that a search
# for how an end begins finds it in the middle too.
DIGIT_TAILS = r"""
CREATE FUNCTION digit_tails(value text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT array_to_tsvector(coalesce(array_agg(substr(digits, start)), '{}'))
  FROM regexp_replace(value, '\D', '', 'g') AS digits, generate_series(1, length(digits) - 3) AS start
$$
"""


def upgrade():
    op.execute(DIGIT_TAILS)
    op.create_index("ix_contact_identities_digits", "contact_identities", [sa.text("digit_tails(value)")], postgresql_using="gin", postgresql_where=sa.text("kind = 'phone'"))
    op.create_index("ix_contacts_email", "contacts", [sa.text("email text_pattern_ops")])
    op.create_index("ix_contacts_by_name", "contacts", [sa.text("(coalesce(nullif(fold(name), ''), '~~~~') COLLATE \"C\")"), "id"], postgresql_where=sa.text("merged_into_id IS NULL"))


def downgrade():
    op.drop_index("ix_contacts_by_name", "contacts")
    op.drop_index("ix_contacts_email", "contacts")
    op.drop_index("ix_contact_identities_digits", "contact_identities")
    op.execute("DROP FUNCTION digit_tails(text)")
