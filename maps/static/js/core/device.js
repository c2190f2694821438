/** What a browser calls itself, as people call it. */

const BROWSERS = [
  ['MicroMessenger/', '微信'],
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['QQBrowser/', 'QQ'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
];
const SYSTEMS = [
  ['HarmonyOS', 'HarmonyOS'],
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Windows', 'Windows'],
  ['Mac OS', 'macOS'],
  ['UOS', 'UOS'],
  ['Kylin', 'Kylin'],
  ['Linux', 'Linux'],
];

/** ['Chrome', 'Windows']; empty words for what is not known. */
export function deviceOf(agent) {
  const first = (names) => (names.find(([mark]) => agent.includes(mark)) || ['', ''])[1];
  return [first(BROWSERS), first(SYSTEMS)];
}
