import { useEffect, useState } from 'react';

/** What opened a menu's entry is gone with the menu: then the menu's own button stands for it. */
function openerOf(element: Element | null): Element | null {
  const menu = element?.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  return (menu ? document.getElementById(menu) : null) ?? element;
}

/**
 * Whoever calls this lies over a page. When it goes, the focus returns to what opened it; where that is gone (a removed row), to the content, so
 * that the next Tab does not begin at the top of the page.
 */
export function useFocusReturn(): void {
  const [opener] = useState(() => openerOf(document.activeElement));
  useEffect(
    () => () => {
      const isLost = document.activeElement === null || document.activeElement === document.body;
      if (!isLost) return;
      const goal = opener?.isConnected && opener !== document.body ? opener : document.getElementById('content');
      if (goal instanceof HTMLElement) goal.focus({ preventScroll: goal !== opener });
    },
    [opener],
  );
}
