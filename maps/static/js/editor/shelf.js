/** A shelf of the browser (IndexedDB) for scanned maps: what lies there leaves this device nowhere. */

const NAME = 'wangge-scans';
const STORE = 'scans';

export function kept(key) {
  return asked('readonly', (store) => store.get(key));
}

export function keep(key, value) {
  return asked('readwrite', (store) => store.put(value, key));
}

export function forget(key) {
  return asked('readwrite', (store) => store.delete(key));
}

async function asked(mode, ask) {
  const shelf = await opened();
  return new Promise((resolve, reject) => {
    const request = ask(shelf.transaction(STORE, mode).objectStore(STORE));
    request.onsuccess = () => {
      resolve(request.result);
      shelf.close();
    };
    request.onerror = () => reject(request.error);
  });
}

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
