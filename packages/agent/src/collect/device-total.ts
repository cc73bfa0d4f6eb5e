// The total of a counter over devices that come and go.

/**
 * Adds up growth instead of counters: a device that is plugged in brings years of its counter along, which would be a
 * spike in the total, and one that is pulled out would take them away. One per device and counter.
 */
export class DeviceCounter {
  #before = NaN;

  /** Growth since the last reading; 0 for the first one and for a counter that went back. */
  growth(now: number): number {
    const growth = now - this.#before;
    this.#before = now;
    return growth > 0 ? growth : 0;
  }
}
