/** Where the focus goes when what had it is gone: a page, a form that was sent, a dialog. */
const HOME = 'main';

/** Somebody at a keyboard is never thrown back to the top of the page. */
export function keepFocus(root: Element): void {
  let last: Element | undefined;
  document.addEventListener('focusin', ({ target }) => {
    last = target instanceof Element ? target : undefined;
  });
  new MutationObserver(() => {
    if (last === undefined || last.isConnected || document.activeElement !== document.body) return;
    document.getElementById(HOME)?.focus({ preventScroll: true });
  }).observe(root, { childList: true, subtree: true });
}
