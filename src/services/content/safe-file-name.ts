/** UTF-8 bytes. File systems allow 255, and additions like ` (12)` must fit too. */
const LONGEST_BYTES = 180;
/** Names that Windows treats as devices, with any extension. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** Shortens the stem so that the extension stays; whole code points only. */
function shortened(name: string): string {
  if (bytesOf(name) <= LONGEST_BYTES) return name;
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && bytesOf(name.slice(dot)) <= 20 ? name.slice(dot) : '';
  const room = LONGEST_BYTES - bytesOf(extension);
  let used = 0;
  // The room ends before the extension, because the name is too long.
  const kept = [...name].filter((letter) => {
    used += bytesOf(letter);
    return used <= room;
  });
  return `${kept.join('').trimEnd()}${extension}`;
}

function cleaned(name: string): string {
  const base = name.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  return (
    base
      // Control and format characters (bidi marks among them), lone surrogates, line and paragraph separators.
      .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
      .replace(/[<>:"|?*]/g, '_')
      .replace(/^[\s.]+/, '')
      .replace(/[\s.]+$/, '')
  );
}

/**
 * A server's file name as a base name that is safe on every system: no separators, no control characters, no leading dots, no
 * device names, at most 180 bytes. If nothing is left: the fallback, cleaned in the same way, then `result.zip`.
 */
export function safeFileName(name: string | undefined, fallback = ''): string {
  const safe = [name ?? '', fallback].map(cleaned).find((candidate) => candidate !== '') ?? 'result.zip';
  return shortened(DEVICE.test(safe) ? `_${safe}` : safe);
}
