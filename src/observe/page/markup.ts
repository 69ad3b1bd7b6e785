const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;'
}

/** Text that may stand between tags and in an attribute. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, each => entities[each] ?? each)
