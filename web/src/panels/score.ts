// How well a name fits to a few letters.

/** Smaller is better; nothing when the letters do not occur in this order. */
export function scoreOf(text: string, wanted: string): number | undefined {
  const low = text.toLowerCase()
  const at = low.indexOf(wanted)
  if (at >= 0) return (at === 0 ? 0 : 10 + (/[_.\s]/.test(low[at - 1]!) ? 0 : 5)) + text.length / 100
  let position = -1
  let gaps = 0
  for (const letter of wanted) {
    const next = low.indexOf(letter, position + 1)
    if (next < 0) return undefined
    gaps += next - position - 1
    position = next
  }
  return 40 + gaps + text.length / 100
}
