/** Makes elements. All text becomes text nodes, so text of a log is never markup. */

/**
 * Returns an element.
 * @param attributes `on` has listeners by event and `style` properties by name; null and undefined are left out
 * @param children elements and texts; false, null and undefined are left out
 */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null) continue;
    // States such as aria-pressed are written out: false is one too.
    if (key.startsWith('aria-')) element.setAttribute(key, String(value));
    else if (value === false) continue;
    else if (key === 'on')
      for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener);
    else if (key === 'style')
      for (const [property, text] of Object.entries(value)) element.style.setProperty(property, text);
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  element.append(...present(children));
  return element;
}

/** Replaces the children of an element. */
export function fill(element, ...children) {
  element.replaceChildren(...present(children));
}

/** Returns a button. */
export function button(text, onClick, attributes = {}) {
  return el('button', { type: 'button', class: 'button quiet', ...attributes, on: { click: onClick } }, text);
}

/** Returns a labelled menu. @param options pairs of value and text */
export function menu(text, options, chosen, onChange, attributes = {}) {
  const select = el(
    'select',
    { on: { change: () => onChange(select.value) }, ...attributes },
    options.map(([value, shown]) =>
      el('option', { value, selected: String(value) === String(chosen) }, shown),
    ),
  );
  return el('label', { class: 'field' }, el('span', {}, text), select);
}

/** Calls a function when no call has come for a while. */
export function debounce(call, ms) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => call(...given), ms);
  };
}

/** Says something to users of screen readers, without moving the focus. */
export function announce(text) {
  document.getElementById('announcement').textContent = text;
}

function present(children) {
  return children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false);
}
