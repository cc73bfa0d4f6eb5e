/** Version of the program, as --version and openapi.json tell it. A file of its own, so that the command line need not load more. */
export const cloudVersion = '0.1.0';
