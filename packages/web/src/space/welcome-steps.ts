// The first-run steps: which there are, and where to begin. Pure.

import type { WelcomeStep } from '../paths.ts';

export interface WelcomeFacts {
  passwordIsInitial: boolean;
  /** Whether the Space has been named by an administrator. */
  isNamed: boolean;
  isAdmin: boolean;
}

const all: readonly WelcomeStep[] = ['password', 'space', 'claim'];

/** The step to show: what the address asks for, else the first that is not done; null = nothing is left to do. */
export function stepToShow(facts: WelcomeFacts, asked: WelcomeStep | undefined): WelcomeStep | null {
  if (asked && (facts.isAdmin || asked === 'password')) return asked;
  if (facts.passwordIsInitial) return 'password';
  return facts.isAdmin && !facts.isNamed ? 'space' : null;
}

/** The step after one; null = the end. Members have only their password to choose. */
export const stepAfter = (step: WelcomeStep, isAdmin: boolean): WelcomeStep | null =>
  isAdmin ? (all[all.indexOf(step) + 1] ?? null) : null;

/** Number of the step, counted from 1, and of all. A password that is chosen already is not counted. */
export function progressOf(step: WelcomeStep, withPassword: boolean): { at: number; of: number; steps: WelcomeStep[] } {
  const steps = all.filter((candidate) => withPassword || candidate !== 'password');
  return { at: steps.indexOf(step) + 1, of: steps.length, steps };
}
