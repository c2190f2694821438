"""What a request's body may be, where it is no JSON."""

from geo.errors import Invalid


class MediaTypeRefused(Invalid):
    """A file of a kind that is not taken here; ``known`` names those that are."""

    code = "file_type_refused"
