import { expect, it } from 'vitest';
import { styleAlone } from './trusted-types.ts';

it('nothing that could be an element passes', () => {
  expect(styleAlone('.a > .b{color:red}')).toBe('.a > .b{color:red}');
  for (const text of ['<img src=x onerror=alert(1)>', 'a<b', '</style><script>1</script>'])
    expect(() => styleAlone(text)).toThrow(TypeError);
});
