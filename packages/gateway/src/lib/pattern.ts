/** Whether a text fits a pattern in which `*` stands for any text, and nothing else for anything. In a time that grows in
 *  a line: patterns come from callers. */
export function fitsPattern(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  // Each part at the first place after the one before it: if it fits anywhere, it fits there.
  let from = first.length;
  for (const part of rest) {
    const place = text.indexOf(part, from);
    if (place < 0) return false;
    from = place + part.length;
  }
  return from <= text.length - last.length;
}
