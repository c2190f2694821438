/* A map that is one file keeps its scripts deflated (a third of the size). This one unpacks them and
   runs them in order; the file's content security policy names each by the hash of its text. */
(async () => {
  for (const packed of document.querySelectorAll('script[data-script]')) {
    const bytes = Uint8Array.from(atob(packed.textContent), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
    const script = document.createElement('script');
    script.textContent = await new Response(stream).text();
    document.head.append(script);
  }
})();
