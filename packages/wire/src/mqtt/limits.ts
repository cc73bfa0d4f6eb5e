// Every limit of the MQTT endpoint, with its unit and its reason.

/** Seconds without a packet after which a client is gone: 1.5 × its keep-alive. [MQTT-3.1.2-22] */
export const silenceFactor = 1.5;
/** Seconds that agents announce and that the Cloud expects at most. */
export const keepAliveSeconds = 60;
/** Seconds from the socket to a CONNECT. */
export const connectTimeoutSeconds = 10;
/** Bytes before a CONNECT was accepted: the largest real CONNECT is 0.6 KiB. */
export const maxBytesBeforeConnect = 4 * 1024;
/** Bytes of one packet from an agent: replies of agents were seen up to 9.9 MB; 16 MiB is their own receive buffer. */
export const maxPacketBytes = 16 * 1024 * 1024 + 64 * 1024;
/** Bytes of a topic: the longest of ours is 100. */
export const maxTopicBytes = 512;
/** Highest alias an agent may use: the list has 24 topics. */
export const maxTopicAlias = 1024;
/** Bytes that may wait to be written to one client before it counts as stalled: 32 unread packets of 64 KiB. */
export const maxUnsentBytes = 2 * 1024 * 1024;
/** The same for acknowledgements and pongs of some bytes each: what waits costs 200 bytes a write beside them; 131,000 writes are 26 MiB. */
export const maxUnsentControlBytes = 512 * 1024;
