"""The street of the demo town as a gazetteer: a place for which no rule was made."""

from geo.demo.town import build
from geo.demo.uses import Scale
from geo.places.addresses.gazetteer import Gazetteer
from geo.places.addresses.places import Match
from geo.places.addresses.rows import AreaRow, BuildingTable, EstateRow, SiteRow

_SITES = ("park", "school", "works", "other_building")
_COMMUNITY = 12  # characters of its code, with which a building's begins


def demo() -> Gazetteer:
    """Return the gazetteer of the demo town."""
    town = build(Scale.STREET)
    buildings, ground = town.buildings, town.ground
    paths: dict[str, str] = {}
    areas = []
    named = town.cells[town.cells["level"] <= 3].sort_values("level")
    columns = (named["code"], named["name"], named["level"], named["parent_code"])
    for number, (code, name, level, parent) in enumerate(zip(*columns, strict=True), 1):
        paths[code] = f"{paths.get(parent, '')}{number}."
        areas.append(AreaRow(number, code, name, int(level), paths[code]))
    estates = [
        EstateRow(number, code, name)
        for number, (code, name) in enumerate(
            zip(town.estates["code"], town.estates["name"], strict=True), 1
        )
    ]
    numbers = {estate.code: estate.id for estate in estates}
    sites = ground.loc[ground["kind"].isin(_SITES) & (ground["name"] != ""), "name"]
    streets = ground.loc[(ground["kind"] == "street") & (ground["name"] != ""), "name"]
    table = BuildingTable(
        id=range(1, len(buildings) + 1),
        code=list(buildings["code"]),
        name=list(buildings["name"]),
        estate_id=[numbers.get(code, 0) for code in buildings["estate_code"]],
        road=list(buildings["road"]),
        door_no=list(buildings["door_no"]),
        building_no=list(buildings["building_no"]),
        stairwells=buildings["stairwells"].astype(int).tolist(),
        path=[paths.get(code[:_COMMUNITY], "") for code in buildings["code"]],
        lon=buildings.geometry.x.tolist(),
        lat=buildings.geometry.y.tolist(),
    )
    found = [SiteRow(n, name, 0.0, 0.0) for n, name in enumerate(sites, 1)]
    return Gazetteer(table, estates, areas, found, sorted(set(streets))).ready()


def meant(match: Match) -> str:
    """Return the first candidate as the set writes it: 供电小区3 is building 3; ``-`` for none."""
    if match.best is None:
        return "-"
    return match.best.place.name.removesuffix("号楼").removesuffix("号")
