import { Search } from 'lucide-react';
import { chartWords } from './chart-words.ts';
import { anchorOf, type Section } from './sections.ts';
import styles from './SectionMenu.module.css';

export interface SectionMenuProps {
  sections: Section[];
  /** Type of the section that is at the top of the page now. */
  current: string | null;
  search: string;
  onSearch: (search: string) => void;
  /** After a section was chosen, e.g. to close the panel that holds the menu. */
  onChosen: () => void;
}

/** Sections and their families; the families are unfolded for the section that is read. */
export function SectionMenu({ sections, current, search, onSearch, onChosen }: SectionMenuProps) {
  const go = (anchor: string): void => {
    onChosen();
    // The panel closes first, or the browser would bring its button back into sight.
    requestAnimationFrame(() => {
      const found = document.getElementById(anchor);
      // A family without a heading has no box of its own; its first chart has.
      const target = found && found.getClientRects().length === 0 ? found.querySelector<HTMLElement>('article') : found;
      const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
      target?.scrollIntoView({ behavior: calm ? 'auto' : 'smooth', block: 'start' });
      target?.focus({ preventScroll: true });
    });
  };
  return (
    <nav className={styles.menu} aria-label={chartWords.sections}>
      <label className={styles.search}>
        <Search size={15} aria-hidden />
        <span className="only-read">{chartWords.find}</span>
        <input
          type="search"
          value={search}
          placeholder={chartWords.find}
          onChange={(event) => onSearch(event.target.value)}
        />
      </label>
      <ul className={styles.sections}>
        {sections.map((section) => (
          <li key={section.type}>
            <button
              type="button"
              className={styles.section}
              aria-current={section.type === current ? 'true' : undefined}
              onClick={() => go(anchorOf(section.type))}
            >
              <span className="given-line">{section.label}</span>
              <span className={styles.count}>{section.chartCount}</span>
            </button>
            {section.type === current && section.families.length > 1 && (
              <ul className={styles.families}>
                {section.families.map((family) => (
                  <li key={family.name}>
                    <button
                      type="button"
                      className={styles.family}
                      onClick={() => go(anchorOf(section.type, family.name))}
                    >
                      <span className="given-line">{family.name}</span>
                    </button>
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </nav>
  );
}
