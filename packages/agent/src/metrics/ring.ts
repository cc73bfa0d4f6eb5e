// The samples of this node, in memory only.
// Reading order: ring.ts (this: one dimension), store.ts (charts), window.ts and grouping.ts (which rows a question
// gets, how samples become one), query.ts (the computation), contexts.ts (what can be asked).

/** First size of a series, in slots; it doubles up to its capacity, so that a short-lived device costs little. */
const firstSlots = 64;

/**
 * Fixed-size series of one dimension. A slot is a number of the chart's time grid (second ÷ update interval); a slot
 * that nothing was written to reads as NaN, a gap. Values are single precision: about 7 significant digits.
 * 3,600 slots × 4 bytes = 14.1 KiB, whatever is written.
 */
export class Ring {
  readonly #capacity: number;
  #values: Float32Array;
  #oldest = 0;
  #newest = -1;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#values = new Float32Array(Math.min(firstSlots, capacity));
  }

  /** Newest slot that was written, or -1. */
  get newestSlot(): number {
    return this.#newest;
  }

  /** Oldest slot that may still hold a value; meaningless while `newestSlot` is -1. */
  get oldestSlot(): number {
    return this.#oldest;
  }

  /** Bytes of samples held. */
  get bytes(): number {
    return this.#values.byteLength;
  }

  /**
   * Writes one value. Skipped slots become gaps. A slot before the newest one means that the clock was set back: what
   * was written for the time that is now lived again is dropped.
   */
  write(slot: number, value: number): void {
    if (this.#newest < 0) this.#restart(slot);
    else if (slot > this.#newest) this.#advance(slot);
    else if (slot < this.#newest) this.#goBack(slot);
    this.#values[slot % this.#values.length] = value;
  }

  /** The value of a slot; NaN for a gap and for everything outside of what is kept. */
  read(slot: number): number {
    if (slot > this.#newest || slot < this.#oldest) return NaN;
    return this.#values[slot % this.#values.length] as number;
  }

  #restart(slot: number): void {
    this.#oldest = slot;
    this.#newest = slot;
  }

  #advance(slot: number): void {
    const needed = slot - this.#oldest + 1;
    if (needed > this.#values.length && this.#values.length < this.#capacity) this.#grow(needed);
    const length = this.#values.length;
    if (slot - this.#newest >= length) {
      this.#values.fill(NaN);
    } else {
      for (let gap = this.#newest + 1; gap < slot; gap++) this.#values[gap % length] = NaN;
    }
    this.#newest = slot;
    if (needed > length) this.#oldest = slot - length + 1;
  }

  #goBack(slot: number): void {
    if (slot < this.#oldest) this.#restart(slot);
    else this.#newest = slot;
  }

  #grow(needed: number): void {
    let length = this.#values.length;
    while (length < needed && length < this.#capacity) length = Math.min(length * 2, this.#capacity);
    const grown = new Float32Array(length).fill(NaN);
    const from = Math.max(this.#oldest, this.#newest - length + 1);
    for (let slot = from; slot <= this.#newest; slot++) grown[slot % length] = this.read(slot);
    this.#values = grown;
  }
}
