// A shell script as text: esbuild and Vite both put the content of `FILE.sh?raw` in its place.
declare module '*.sh?raw' {
  const text: string;
  export default text;
}
