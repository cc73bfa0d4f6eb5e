// What the Cloud tells of itself to who operates it: numbers about the Cloud, never a name of a node and never a value of an agent.
// Reading order: metrics.ts (the port), prometheus.ts (the library behind it), measured.ts (where numbers come from), metrics-access.ts (who may
// read them), metrics-routes.ts and metrics-listener.ts (where).

/** Counters and durations that other parts feed. */
export interface Metrics {
  /** `outcome`: accepted, repeated, or the kind of the refusal. */
  claim(outcome: string): void;
  /** `outcome`: signed-in, or the kind of the refusal. */
  signIn(outcome: string): void;
  /** `outcome`: answered, or the kind of the failure. */
  relayed(outcome: string, seconds: number): void;
  /** Everything, in the text form of Prometheus. */
  text(): Promise<{ contentType: string; body: string }>;
}

/** What is read when somebody asks. */
export interface MetricSources {
  version: string;
  links: () => number;
  /** Nodes by state. */
  nodes: () => Promise<Readonly<Record<string, number>>>;
  /** How often each event of the business happened since the start. */
  events: () => Readonly<Record<string, number>>;
  databaseBytes: () => number;
}
