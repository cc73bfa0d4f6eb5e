// The keyboard as the only way: where Tab leads on a page, whether one sees where one is, and whether anything is out of its reach.

import type { Locator, Page } from 'playwright-core';

export interface Walk {
  /** What can be operated by a pointer and was not reached, as its role and name. */
  unreached: string[];
  /** What was reached and looks as it does without the focus. */
  unseen: string[];
  /** What was reached and lies outside the window or beneath something else. */
  covered: string[];
  /** How many stops there were. */
  stops: number;
}

/** Installs what the walks ask of the page. A page that was loaded anew needs it again. */
const install = (page: Page): Promise<void> =>
  page.evaluate(() => {
    interface Keys {
      all: Element[];
      looks: Map<Element, string>;
      name(element: Element): string;
      look(element: Element): string;
    }
    const operable =
      'a[href], button, input, select, textarea, summary, [tabindex], [role="button"], [role="menuitem"], [contenteditable="true"]';
    const isOperable = (element: Element): boolean => {
      if (!(element instanceof HTMLElement) || element.closest('[inert], [aria-hidden="true"]') !== null) return false;
      if (element.matches(':disabled, [type="hidden"], [tabindex="-1"]')) return false;
      const within = document.querySelector('dialog[open], [role="dialog"][aria-modal="true"]');
      if (within !== null && !within.contains(element)) return false;
      const closed = element.closest('details:not([open])');
      if (closed !== null && !(element.matches('summary') && element.parentElement === closed)) return false;
      if (!element.checkVisibility({ visibilityProperty: true })) return false;
      const { width, height } = element.getBoundingClientRect();
      if (width === 0 || height === 0) return false;
      // Radio buttons of one name are one stop; arrows choose among them.
      if (!element.matches('input[type="radio"]')) return true;
      const group = [...document.querySelectorAll<HTMLInputElement>('input[type="radio"]')].filter(
        (one) => one.name === (element as HTMLInputElement).name && !one.disabled,
      );
      return element === (group.find((one) => one.checked) ?? group[0]);
    };
    const name = (element: Element): string => {
      const label = element.getAttribute('aria-label') ?? element.closest('label')?.innerText ?? element.textContent;
      return `${element.tagName.toLowerCase()} “${(label ?? '').trim().slice(0, 60)}”`;
    };
    // The ring may lie on what is drawn for a field that is itself not seen: its label, what stands beside it or around it.
    const look = (element: Element): string =>
      [element, element.nextElementSibling, element.parentElement, element.closest('label'), '::after' as const]
        .map((one) => {
          if (one === null) return '';
          const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor, transform } =
            one === '::after' ? getComputedStyle(element, one) : getComputedStyle(one);
          return [
            outlineStyle === 'none' ? '' : `${outlineWidth} ${outlineColor}`,
            boxShadow,
            borderColor,
            backgroundColor,
            transform,
          ].join(' ');
        })
        .join('|');
    const keys: Keys = { all: [], looks: new Map(), name, look };
    keys.all = [...document.querySelectorAll(operable)].filter(isOperable);
    (document.activeElement as HTMLElement | null)?.blur();
    for (const element of keys.all) keys.looks.set(element, look(element));
    // Tab begins where one last was: a place of no consequence before everything else.
    const start = document.createElement('span');
    start.tabIndex = -1;
    (document.querySelector('dialog[open], [role="dialog"][aria-modal="true"]') ?? document.body).prepend(start);
    start.focus();
    start.remove();
    (window as unknown as { keys: Keys }).keys = keys;
  });

/** Walks once through everything with Tab. `most`: stops after which it is a trap, or a list without an end. */
export async function walk(page: Page, most = 400): Promise<Walk> {
  await install(page);
  const seen = { unseen: new Set<string>(), covered: new Set<string>() };
  let stops = 0;
  for (; stops < most; stops++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      interface Keys {
        all: Element[];
        looks: Map<Element, string>;
        reached?: Set<Element>;
        last?: Element;
        name(element: Element): string;
        look(element: Element): string;
      }
      const { keys } = window as unknown as { keys: Keys };
      const { activeElement: element } = document;
      keys.reached ??= new Set();
      if (element === null || element === document.body) return null;
      // Day, month and year of one field are stops of their own.
      if (keys.reached.has(element)) return keys.last === element ? 'within' : null;
      keys.last = element;
      keys.reached.add(element);
      for (const one of document.getAnimations()) if (one instanceof CSSTransition) one.finish();
      const before = keys.looks.get(element);
      const box = element.getBoundingClientRect();
      const drawn = box.width > 2 ? element : (element.closest('label') ?? element);
      const { left, top, width, height } = drawn.getBoundingClientRect();
      const points = [0.15, 0.5, 0.85].flatMap((x) =>
        [0.15, 0.5, 0.85].map((y) => document.elementFromPoint(left + width * x, top + height * y)),
      );
      const isInSight = points.some(
        (one) => one !== null && (drawn.contains(one) || one.contains(drawn) || one.closest('label') === drawn),
      );
      return {
        name: keys.name(element),
        isSeen: before === undefined || before !== keys.look(element),
        isInSight,
      };
    });
    if (at === null) break;
    if (at === 'within') continue;
    if (!at.isSeen) seen.unseen.add(at.name);
    if (!at.isInSight) seen.covered.add(at.name);
  }
  const unreached = await page.evaluate(() => {
    const { keys } = window as unknown as {
      keys: { all: Element[]; reached?: Set<Element>; name(element: Element): string };
    };
    return keys.all
      .filter((element) => element.isConnected && !keys.reached?.has(element))
      .map((element) => keys.name(element));
  });
  return { unreached, unseen: [...seen.unseen], covered: [...seen.covered], stops };
}

/** Presses Tab until it is there, as a person would; throws where it cannot be reached. */
export async function tabTo(page: Page, goal: Locator, most = 250): Promise<void> {
  await goal.waitFor();
  const isThere = (): Promise<boolean> => goal.evaluate((element) => element === document.activeElement);
  for (let stops = 0; stops < most; stops++) {
    if (await isThere()) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab did not come to ${goal.toString()}`);
}

/** Goes there and presses Enter. */
export async function enter(page: Page, goal: Locator): Promise<void> {
  await tabTo(page, goal);
  await page.keyboard.press('Enter');
}

/** What is wrong with the headings: one of the first rank, and none that skips a rank. */
export const headingTroubles = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const over = document.querySelector('dialog[open], [role="dialog"][aria-modal="true"]');
    const ranks = [...document.querySelectorAll<HTMLElement>('h1, h2, h3, h4, h5, h6')]
      .filter((one) => one.checkVisibility() && over === null)
      .map((one) => ({ rank: Number(one.tagName.slice(1)), text: one.innerText.slice(0, 40) }));
    const found = ranks.flatMap(({ rank, text }, n) =>
      n > 0 && rank > (ranks[n - 1]?.rank ?? 0) + 1 ? [`“${text}” (h${rank}) skips a rank`] : [],
    );
    const first = ranks.filter(({ rank }) => rank === 1).length;
    return first === 1 ? found : [`${first} headings of the first rank`, ...found];
  });

/** What a finger would miss: smaller than 24 px in a direction and not a word within a sentence. */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    // A link may lie over all that it stands in; a field is hit by its labels, too.
    const targetsOf = (one: HTMLElement): Element[] => {
      const over = getComputedStyle(one, '::after');
      const labels = one instanceof HTMLInputElement ? [...(one.labels ?? [])] : [];
      const around = over.content !== 'none' && over.position === 'absolute' ? one.offsetParent : null;
      return [one, ...labels, ...(around === null ? [] : [around])];
    };
    return [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary')]
      .filter((one) => one.checkVisibility() && !one.matches(':disabled, .skip'))
      .flatMap((one) => {
        const boxes = targetsOf(one).map((target) => target.getBoundingClientRect());
        const width = Math.max(...boxes.map((box) => box.width));
        const height = Math.max(...boxes.map((box) => box.height));
        if (width === 0 || (width >= 24 && height >= 24)) return [];
        if (one.matches('a') && getComputedStyle(one).display === 'inline') return [];
        const name = one.getAttribute('aria-label') ?? one.innerText;
        return [`${one.tagName.toLowerCase()} “${name.trim().slice(0, 50)}” is ${width} × ${height} px`];
      });
  });
