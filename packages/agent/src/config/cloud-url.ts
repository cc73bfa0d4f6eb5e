// The base URL of a Cloud, as people type it. One grammar for -url=, `cloud base url` and the URL that a claim left on disk.

/** `https://host` or `https://host:port`, without a slash at the end. */
export type CloudUrl = string;

/** Where agents claim when nobody says anything else. The setting `[cloud] cloud base url` and -url= replace it. */
export const defaultCloudUrl: CloudUrl = 'https://netdata.cloud';

export type ParsedCloudUrl = { url: CloudUrl } | { sentence: string };

const example = 'write it like https://cloud.example.com or https://cloud.example.com:8443';

/**
 * Takes `https://host[:port]`, the scheme in any case or absent, slashes at the end. Refuses plain http (the token would travel in
 * the clear), and a path, because the link cannot honour one and claim and link must never differ.
 */
export function parseCloudUrl(text: string): ParsedCloudUrl {
  const trimmed = text.trim();
  if (trimmed === '') return { sentence: `The URL of the Cloud is empty; ${example}.` };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed)?.[1]?.toLowerCase();
  if (scheme === 'http') {
    return {
      sentence:
        'The URL of the Cloud starts with http://, which would send the claiming token in the clear; use https://.',
    };
  }
  if (scheme !== undefined && scheme !== 'https')
    return { sentence: `The URL of the Cloud starts with ${scheme}://; use https://.` };
  let url: URL;
  try {
    url = new URL(scheme === undefined ? `https://${trimmed}` : trimmed);
  } catch {
    return { sentence: `The URL of the Cloud cannot be read; ${example}.` };
  }
  if (url.hostname === '' || /[\s\\]/.test(trimmed))
    return { sentence: `The URL of the Cloud cannot be read; ${example}.` };
  if (url.username !== '' || url.password !== '')
    return { sentence: 'The URL of the Cloud holds a user name; take it out.' };
  if (url.port === '0') return { sentence: `The URL of the Cloud names port 0; ${example}.` };
  if (!/^\/*$/.test(url.pathname) || url.search !== '' || url.hash !== '') {
    return { sentence: `The URL of the Cloud has something after the host; ${example}.` };
  }
  return { url: `https://${url.host}` };
}
