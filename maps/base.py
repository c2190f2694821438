"""What every Wangge map is made of: a Folium map without tiles, and overlays that carry data.

Folium puts text into JavaScript template literals and renders rendered templates once more
(``Element(html(...))`` in branca), so a building called ``{{7*7}}`` or ``${alert(1)}`` would run.
Here an overlay hands its data over as a JSON block that no template ever reads; the modules below
``static/js`` draw it and write text with ``textContent``. Folium's Popup, Tooltip, GeoJsonPopup
and GeoJsonTooltip are not used. This is the only module that flips to lat, lon.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any

import folium
from branca.element import Element, Figure, MacroElement
from folium.template import Template
from markupsafe import escape

from maps import assets
from maps.pack import deflated, dumps

Bounds = tuple[float, float, float, float]


class DataBlock(Element):
    """Data inside a page: JSON that no template reads again.

    Parameters
    ----------
    block
        Name the page's modules look for, ``buildings``.
    data
        Anything JSON can hold.
    """

    def __init__(self, block: str, data: object) -> None:
        super().__init__()
        self._name = "DataBlock"
        self.block = block
        self.data = data

    def render(self, **kwargs: Any) -> str:
        """Return the element; deflated when the page is rendered ``packed``."""
        body = dumps(self.data)
        kind = "application/json"
        if kwargs.get("packed", False):
            kind, body = "application/deflate", deflated(body)
        return f'<script type="{kind}" data-block="{escape(self.block)}">{body}</script>'


class TownMap(folium.Map):
    """A Folium map on our own ground: no tiles, nothing from elsewhere, same data same bytes.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees, storage CRS: what is shown first.
    entry
        The module that draws the overlays, below ``maps/static``.
    title
        Title of the page.
    lang
        Language of the page, ``zh`` or ``en``.
    """

    # Only the element and the Leaflet map of it: sizes are in the style sheets, and Folium's
    # inline styles and switches would need exceptions from the content security policy.
    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <div class="folium-map" id={{ this.get_name()|tojson }}></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
          center: {{ this.location|tojson }}, ...{{ this.options|tojavascript }} });
        {% endmacro %}
        """
    )

    def __init__(self, bounds: Bounds, *, entry: str, title: str, lang: str) -> None:
        west, south, east, north = bounds
        super().__init__(
            location=[(south + north) / 2, (west + east) / 2],
            tiles=None,
            zoom_start=15,
            zoom_control=False,
            attributionControl=False,
            zoomSnap=0.25,
            maxZoom=20,
            minZoom=8,
            wheelPxPerZoomLevel=90,
        )
        # Own lists: Folium's add_js_link would change the list of the class, for the process.
        self.default_js = [("leaflet", f"{assets.LEAFLET}/leaflet.js")]
        self.default_css = [(sheet, sheet) for sheet in assets.SHEETS]
        self.entry = assets.asset(entry)
        self.title = title
        self.lang = lang


class DataOverlay(MacroElement):
    """An overlay of a town map: one block of data with the name its modules look for.

    Parameters
    ----------
    block
        Name of the block, ``buildings``.
    data
        Anything JSON can hold.
    """

    def __init__(self, block: str, data: object) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca
        self._name = f"Wangge{block.title()}"
        self.block = block
        self.data = data

    def render(self, **kwargs: Any) -> str:
        """Put the block into the page."""
        block = DataBlock(self.block, self.data)
        figure_of(self).html.add_child(block, name=self.get_name())
        return ""


def figure_of(element: Element) -> Figure:
    """Return the figure an element stands in."""
    root = element.get_root()
    if not isinstance(root, Figure):
        raise TypeError(f"{element.get_name()} stands in no figure")
    return root


def count_ids(figure: Figure) -> None:
    """Give every element below a figure its place as id, so that the same map is the same bytes.

    Folium draws ids at random. A foreign layer that wrote another element's name down when it was
    made keeps the old name; ours write none down.
    """
    _count(figure, count())


def _count(element: Element, numbers: Iterator[int]) -> None:
    """File the children of an element under their counted names, in the old order."""
    children = list(element._children.items())
    element._children.clear()
    for name, child in children:
        filed_by_id = name == child.get_name()
        child._id = str(next(numbers))
        element._children[child.get_name() if filed_by_id else name] = child
        _count(child, numbers)
