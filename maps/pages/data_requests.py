"""What persons ask about their data: what is late first, one request beside, and its answer."""

from geo.access.roles import Permission
from geo.people.rights.lifecycle import SECOND_PERSON, RequestKind, RequestState
from geo.texts import text
from maps.pages.shell import WHO, View, shell_page


def data_requests_page(view: View) -> str:
    """Return the page of data requests; who may not decide is offered no answer."""
    viewer = view.viewer
    decides = viewer is not None and Permission.REQUEST_DECIDE in viewer.permissions
    return shell_page(
        view,
        "data-requests",
        title=text("pages.requests.page", view.lang),
        entry="js/requests/main.js",
        texts=("requests.", "print.", "people.", *WHO),
        facts={"decides": decides, "second_person": sorted(kind.value for kind in SECOND_PERSON)},
        states=[state.value for state in RequestState],
        kinds=[kind.value for kind in RequestKind],
    )
