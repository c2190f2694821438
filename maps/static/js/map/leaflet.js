/** The vendored Leaflet, loaded before the modules as a classic script (Folium needs it so). */

export const L = window.L;
