"""Hypothesis strategies for whole draws."""

from hypothesis import strategies as st

from publicmeeting.kit.hashing import sha
from publicmeeting.turns.pool import Row, Rules

WINDOWS = {"early": ["00:00", "11:00"], "late": ["11:00", "24:00"], "never": ["12:00", "11:00"]}
_LANES = ("access", "urgent", "general", "vip")
_PREFERENCES = ("any", "early", "late", "never", "noon")


def rules(access=1, urgent=1):
    return Rules.from_body(
        {"version": 1, "lanes": {"access": access, "urgent": urgent}, "windows": WINDOWS}
    )


def a_row(number, lane="general", waited=0, debt=0, prefers="any"):
    return Row(sha("row", str(number)), lane, waited, debt, prefers)


any_rules = st.builds(rules, st.integers(0, 4), st.integers(0, 4))
any_seed = st.integers(0, 10**9).map(lambda number: sha("seed", str(number)))
any_seats = st.lists(
    st.builds("{:02d}:{:02d}".format, st.integers(8, 13), st.sampled_from((0, 15, 30, 45))),
    unique=True,
    max_size=14,
).map(sorted)
any_pool = st.lists(
    st.builds(
        a_row,
        st.integers(0, 10**6),
        st.sampled_from(_LANES),
        st.integers(0, 4),
        st.sampled_from((0, 0, 0, 1)),
        st.sampled_from(_PREFERENCES),
    ),
    unique_by=lambda row: row.ticket,
    max_size=30,
)
