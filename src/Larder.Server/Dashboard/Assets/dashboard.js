// Keeps the page as it is now: fetches its changing part again and puts the differences in place, so that what has the focus
// keeps it and nothing jumps. Without this script the page is the same, as of the moment when it was loaded.
'use strict';

(() => {
  const live = document.getElementById('live');
  const connection = document.getElementById('connection');

  // Times stand in the page in UTC, as nobody but the reader's machine knows his zone. Of the same length in both.
  const zone = new Intl.DateTimeFormat(undefined, { timeZoneName: 'short' });
  const zoneOf = date => zone.formatToParts(date).find(part => part.type === 'timeZoneName').value;
  const two = number => String(number).padStart(2, '0');
  const clock = date => `${two(date.getHours())}:${two(date.getMinutes())}`;
  const localise = root => {
    for (const time of root.querySelectorAll('time')) {
      const date = new Date(time.dateTime);
      if ('clock' in time.dataset) {
        time.textContent = clock(date);
        continue;
      }
      const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
      const seconds = 'seconds' in time.dataset ? `:${two(date.getSeconds())}` : '';
      time.textContent = `${day} ${clock(date)}${seconds} ${zoneOf(date)}`;
      time.title = time.dateTime;
    }
    for (const name of root.querySelectorAll('[data-zone]'))
      name.textContent = zoneOf(new Date());
  };

  const keyOf = node => (node.nodeType === Node.ELEMENT_NODE ? node.getAttribute('data-key') : null);
  const isSameKind = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);

  const setAttributes = (from, to) => {
    for (const { name } of [...from.attributes])
      if (!to.hasAttribute(name)) from.removeAttribute(name);
    for (const { name, value } of to.attributes)
      if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  };

  // Makes one element the same as another. Children with a key are found again wherever they have moved to.
  const morph = (from, to) => {
    if (from.isEqualNode(to)) return;
    setAttributes(from, to);
    const keyed = new Map([...from.children].filter(keyOf).map(child => [keyOf(child), child]));
    let next = from.firstChild;
    for (const wanted of [...to.childNodes]) {
      const found = keyOf(wanted) ? keyed.get(keyOf(wanted)) : next;
      if (!found || !isSameKind(found, wanted)) {
        from.insertBefore(wanted, next);
        continue;
      }
      if (found === next) next = next.nextSibling;
      else from.insertBefore(found, next);
      if (found.nodeType === Node.ELEMENT_NODE) morph(found, wanted);
      else if (found.nodeValue !== wanted.nodeValue) found.nodeValue = wanted.nodeValue;
    }
    while (next) {
      const last = next;
      next = next.nextSibling;
      last.remove();
    }
  };

  let tag = null;
  let isLost = false;
  const tell = text => {
    if (connection.textContent !== text) connection.textContent = text;
  };

  const update = async () => {
    const answer = await fetch(live.dataset.source, { headers: tag ? { 'If-None-Match': tag } : {}, cache: 'no-store' });
    if (answer.status === 401 || answer.status === 403) {
      location.reload(); // Signed out elsewhere: the server says where to sign in.
      return;
    }
    if (answer.status !== 304) {
      if (!answer.ok) throw new Error(`answered ${answer.status}`);
      const parsed = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const part = parsed.querySelector('.parts');
      if (!part) throw new Error('answered something else');
      tag = answer.headers.get('ETag');
      localise(part);
      morph(live.querySelector('.parts'), document.importNode(part, true));
    }
    if (isLost) tell('Connected again.');
    isLost = false;
  };

  const wait = () => {
    const every = isLost ? 5000 : Number(live.querySelector('.parts').dataset.every);
    setTimeout(run, every);
  };

  const run = async () => {
    // Nobody looks: the next look begins it again.
    if (document.hidden) {
      document.addEventListener('visibilitychange', run, { once: true });
      return;
    }
    try {
      await update();
    } catch {
      isLost = true;
      tell('The server does not answer. The page shows what was there before; it goes on when the server is back.');
    }
    wait();
  };

  localise(document);
  if (live) wait();
})();
