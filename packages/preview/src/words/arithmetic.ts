/** A sum that stands in a text, with its result: `12 * (3 + 4)`. Undefined where there is none. */
export function solveArithmetic(text: string): { expression: string; result: number } | undefined {
  const plain = text.replaceAll('×', '*').replaceAll('÷', '/').replaceAll('−', '-');
  for (const [found] of plain.matchAll(/[\d(][\d\s+\-*/().]*[\d)]/g)) {
    const expression = found.trim();
    // A date and a telephone number have signs too, but no spaces or products.
    if (!/[+*/]|\s-\s/.test(expression) || /^\d+(?:[-/.]\d+){2,}$/.test(expression)) continue;
    const result = evaluate(expression);
    if (result !== undefined) return { expression, result };
  }
  return undefined;
}

const MAX_TOKENS = 64;

/** By recursive descent: sums of products of numbers and brackets. */
function evaluate(expression: string): number | undefined {
  const tokens = expression.match(/\d+(?:\.\d+)?|[+\-*/()]/g) ?? [];
  if (tokens.length > MAX_TOKENS) return undefined;
  let at = 0;
  const atom = (): number => {
    const token = tokens[at++];
    if (token === '-') return -atom();
    if (token !== '(') return Number(token);
    const inner = sum();
    return tokens[at++] === ')' ? inner : Number.NaN;
  };
  const product = (): number => {
    let value = atom();
    while (tokens[at] === '*' || tokens[at] === '/') value = tokens[at++] === '*' ? value * atom() : value / atom();
    return value;
  };
  const sum = (): number => {
    let value = product();
    while (tokens[at] === '+' || tokens[at] === '-')
      value = tokens[at++] === '+' ? value + product() : value - product();
    return value;
  };
  const result = sum();
  // Ten digits hide what binary fractions add: 0.1 + 0.2.
  return at === tokens.length && Number.isFinite(result) ? Number(result.toPrecision(10)) : undefined;
}
