type Attributes = Readonly<Record<string, string | (() => void)>>;

/** Creates an element; `onclick` and similar attributes take functions, all others text. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (typeof value === 'function') made.addEventListener(key.replace(/^on/, ''), value);
    else made.setAttribute(key, value);
  made.append(...children);
  return made;
}
