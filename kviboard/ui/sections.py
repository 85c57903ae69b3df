"""The sections of the menu and their pages, in order: file, title, address."""

SECTIONS = {
    "Review": [
        ("this_week", "This week", ""),
        ("sprint_review", "Sprint review", "review"),
        ("my_page", "My page", "me"),
    ],
    "Value": [
        ("kvis", "KVIs", "kvis"),
        ("promoters", "Promoters", "promoters"),
        ("customers", "Customers", "customers"),
        ("voice", "Voice", "voice"),
    ],
    "Goals": [("okrs", "OKRs", "okrs"), ("outside_in", "Outside-in", "outside_in")],
    "Data": [("exports", "Exports and checks", "exports")],
}

UNLISTED = [("meeting", "In the meeting", "meeting")]
"""Pages that a code on the big screen leads to, and no menu."""
