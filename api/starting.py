"""What a server is refused to start with, looked at before anything else is opened."""

from api.access import is_loopback
from api.serving import tls_context
from geo.errors import Refused
from geo.settings import Settings


class DemoBeyondLoopback(Refused):
    """A demo, whose passwords are public, was to listen to other machines."""

    code = "demo_beyond_loopback"


def check_start(settings: Settings) -> None:
    """Refuse settings that no server may run with.

    Raises
    ------
    TlsRefused
        When the certificate or its key cannot be used.
    DemoBeyondLoopback
        When a demo would listen to other machines.
    """
    tls_context(settings)
    if settings.is_demo and not (settings.host == "localhost" or is_loopback(settings.host)):
        raise DemoBeyondLoopback(host=settings.host)
