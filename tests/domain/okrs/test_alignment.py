"""The alignment tree: worst first, orphans, circles."""

from hypothesis import given
from hypothesis import strategies as st

from kviboard.domain.okrs.alignment import alignment_tree, check_parent, circles, path_to_root
from kviboard.domain.okrs.status import Status

PARENTS = {"company": None, "shop": "company", "app": "company", "search": "app", "lonely": None, "lost": "archived"}
STATUSES = {
    "company": Status.ON_TRACK,
    "shop": Status.AT_RISK,
    "app": Status.ON_TRACK,
    "search": Status.OFF_TRACK,
    "lonely": Status.ACHIEVED,
    "lost": Status.PENDING,
}


def flatten(branches):
    return [name for branch in branches for name in (branch.id, *flatten(branch.children))]


def test_the_worst_branch_comes_first_at_every_level():
    tree = alignment_tree(PARENTS, STATUSES)
    assert [branch.id for branch in tree] == ["company", "lost", "lonely"]
    assert [branch.id for branch in tree[0].children] == ["app", "shop"]  # app carries search, which is off track
    assert (tree[0].status, tree[0].worst) == (Status.ON_TRACK, Status.OFF_TRACK)


def test_orphans_are_flagged_with_the_reason():
    orphans = {branch.id: branch.orphan for branch in alignment_tree(PARENTS, STATUSES)}
    assert orphans == {
        "company": "",
        "lost": "the objective it supports is not in this cycle",
        "lonely": "not linked",
    }


def test_a_circle_is_refused_before_it_closes():
    assert "already supports this one" in str(check_parent(PARENTS, "company", "search")[0])
    assert "itself" in str(check_parent(PARENTS, "app", "app")[0])
    assert "not there" in str(check_parent(PARENTS, "app", "nowhere")[0])
    assert check_parent(PARENTS, "search", "shop") == check_parent(PARENTS, "search", None) == []
    assert check_parent(PARENTS, "new", "company") == []


def test_a_path_leads_to_the_root():
    assert path_to_root(PARENTS, "search") == ["search", "app", "company"]


def test_circles_in_old_data_are_found_once_and_shown_open():
    parents = {1: 2, 2: 3, 3: 1, 4: 1}
    assert [sorted(circle) for circle in circles(parents)] == [[1, 2, 3]]
    tree = alignment_tree(parents, dict.fromkeys(parents, Status.PENDING))
    assert sorted(flatten(tree)) == [1, 2, 3, 4]


@given(st.dictionaries(st.integers(0, 8), st.one_of(st.none(), st.integers(0, 9))))
def test_every_objective_is_shown_exactly_once_whatever_the_links(parents):
    tree = alignment_tree(parents, dict.fromkeys(parents, Status.ON_TRACK))
    assert sorted(flatten(tree)) == sorted(parents)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12))
def test_links_that_pass_the_check_never_make_a_circle(links):
    parents = dict.fromkeys(range(7))
    for child, parent in links:
        if not check_parent(parents, child, parent):
            parents[child] = parent
    assert circles(parents) == []
