"""The table of comments: what people say to one another about an objective, a key result or a decision.

What is said about a day of a KVI is a note (`kvi_notes`); what is said at a check-in stands with it.
"""

from sqlalchemy import Index, Table

from kviboard.store.columns import by_subject, edited, refers_to, rule, words
from kviboard.store.schema import metadata

comments = Table(
    "comments",
    metadata,
    *edited(),
    refers_to("objective_id", "objectives", optional=True),
    refers_to("key_result_id", "key_results", optional=True),
    refers_to("decision_id", "decisions", optional=True),
    words("text"),
    by_subject(),
    rule("comment_text", "trim(text) <> ''", "A comment needs a text."),
    rule(
        "comment_about",
        "(case when objective_id is null then 0 else 1 end)"
        " + (case when key_result_id is null then 0 else 1 end)"
        " + (case when decision_id is null then 0 else 1 end) = 1",
        "A comment is about one objective, one key result or one decision.",
    ),
    Index("ix_comments_objective_id", "objective_id"),
    Index("ix_comments_key_result_id", "key_result_id"),
    Index("ix_comments_decision_id", "decision_id"),
    info={"noun": "comment", "label": "text"},
)
