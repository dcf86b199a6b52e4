"""Vote: what somebody sees on their own phone in a team's session."""

from progressions.web import guard, vote

ballot = guard.rater()

vote.head(ballot)
vote.panel()
