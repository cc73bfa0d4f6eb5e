// Texts that people read stand in the files of texts (packages/web/src/catalogue.ts gathers them), so that they can be translated: no component
// holds one of its own, neither as content nor in an attribute that is shown or read aloud.

import ts from 'typescript';
import { expect, it } from 'vitest';
import { read, shippedFiles } from './repository.ts';

const components = shippedFiles.filter((path) => path.startsWith('packages/web/src/') && path.endsWith('.tsx'));

const spoken = new Set([
  'title',
  'label',
  'alt',
  'placeholder',
  'description',
  'summary',
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'aria-valuetext',
  'closeLabel',
  'confirmLabel',
  'saveLabel',
  'submitLabel',
  'empty',
  'message',
]);
/** A word; a sign or a single letter is none. */
const isWord = (text: string): boolean => /\p{L}{2,}/u.test(text);

/** Texts that an expression may come out as. */
function textsOf(node: ts.Expression | undefined): ts.Node[] {
  if (node === undefined) return [];
  if (ts.isStringLiteralLike(node)) return isWord(node.text) ? [node] : [];
  if (ts.isTemplateExpression(node)) {
    const own = [node.head, ...node.templateSpans.map(({ literal }) => literal)].filter(({ text }) => isWord(text));
    return [...own, ...node.templateSpans.flatMap(({ expression }) => textsOf(expression))];
  }
  if (ts.isParenthesizedExpression(node)) return textsOf(node.expression);
  if (ts.isConditionalExpression(node)) return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
  if (!ts.isBinaryExpression(node)) return [];
  const { kind } = node.operatorToken;
  if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return textsOf(node.right);
  const joins = [ts.SyntaxKind.PlusToken, ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken];
  return joins.includes(kind) ? [...textsOf(node.left), ...textsOf(node.right)] : [];
}

function textsIn(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node) && isWord(node.text)) found.push(node);
    if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent)) found.push(...textsOf(node.expression));
    if (ts.isJsxAttribute(node) && spoken.has(node.name.getText())) {
      const { initializer } = node;
      if (initializer && ts.isStringLiteral(initializer)) found.push(...textsOf(initializer));
      else if (initializer && ts.isJsxExpression(initializer)) found.push(...textsOf(initializer.expression));
    }
    // Choices are named in objects: { value, label }.
    if (ts.isPropertyAssignment(node) && spoken.has(node.name.getText())) found.push(...textsOf(node.initializer));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.map((node) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    return `${path}:${line + 1}: ${node.getText().trim()}`;
  });
}

it('finds a text wherever one could stand', () => {
  const component = `const A = () => <p title="One word">Two {busy ? 'three' : \`four \${n}\`} {n && 'five'}</p>;
const choices = [{ value: 'a', label: 'Six' }]; const B = <b className="seven" data-x="eight">…{words.nine}</b>;`;
  expect(textsIn('a.tsx', component).map((found) => found.replace(/^.*?: /, ''))).toEqual([
    '"One word"',
    'Two',
    "'three'",
    '`four ${',
    "'five'",
    "'Six'",
  ]);
});

it('has no text in a component', () => {
  expect(components.length).toBeGreaterThan(100);
  expect(components.flatMap((path) => textsIn(path, read(path)))).toEqual([]);
});
