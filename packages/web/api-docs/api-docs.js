// Starts the documentation page: plain script, because the page lies beside the pages' own bundle and loads nothing of it.

/** As the pages keep it (src/ui/theme.ts); storage may be forbidden. */
const chosenTheme = () => {
  try {
    return localStorage.getItem('claimstead-theme');
  } catch {
    return null;
  }
};
const theme = chosenTheme();
const system = window.matchMedia('(prefers-color-scheme: dark)');
const dress = () =>
  document.documentElement.classList.toggle('dark-mode', theme === 'dark' || (theme !== 'light' && system.matches));
dress();
system.addEventListener('change', dress);

window.SwaggerUIBundle({
  url: '/api/cloud/v1/openapi.json',
  domNode: document.getElementById('api'),
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
  // The browser sends the session's cookie by itself; nothing is kept.
  persistAuthorization: false,
  // No description of somebody else's making, and no service that judges ours.
  queryConfigEnabled: false,
  validatorUrl: null,
});
