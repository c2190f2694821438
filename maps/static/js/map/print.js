/** Printing: the map fits the sheet, the cell asked for fits the map, at three dots a pixel. */

const RATIO = 3;
/** A4 across at 96 dots an inch, less the margins of css/map_print.css. */
const SHEET = { width: 1046, height: 718 };

export function preparePrint(map, layers, fit) {
  let before = null;
  const size = (width, height) => {
    const { style } = map.getContainer();
    style.width = width;
    style.height = height;
    map.invalidateSize({ animate: false, pan: false });
  };
  window.addEventListener('beforeprint', () => {
    before = { center: map.getCenter(), zoom: map.getZoom() };
    document.body.classList.add('printing');
    for (const layer of layers) layer.ratio = RATIO;
    size(`${SHEET.width}px`, `${SHEET.height}px`);
    fit(SHEET);
  });
  window.addEventListener('afterprint', () => {
    document.body.classList.remove('printing');
    for (const layer of layers) layer.ratio = null;
    size('', '');
    map.setView(before.center, before.zoom, { animate: false });
  });
}
