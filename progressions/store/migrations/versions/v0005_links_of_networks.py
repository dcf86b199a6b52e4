"""A sign-in link knows which network it invites to: a person may belong to several."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column; links that were made before have none."""
    # Written out, because SQLite takes a constraint with the column that it is of, and not afterwards.
    op.execute(
        "ALTER TABLE sign_in_links ADD COLUMN network_id INTEGER "
        "CONSTRAINT fk_sign_in_links_network_id REFERENCES networks (id)"
    )
