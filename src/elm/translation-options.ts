/** How CQL is translated; part of every cache key. */
export interface TranslationOptions {
  readonly flags: readonly string[]
  readonly signatureLevel: string
}

/**
 * Result types give every node its static type; locators its place. List promotion and demotion are off, as
 * measures are published: a list is never taken for its only member in silence. Annotations (the CQL text
 * in pieces) treble the size and are wanted only where ELM is handed to others: our own
 * explanations read the text by locator.
 */
export function translationOptions(annotations = false): TranslationOptions {
  const flags = ['EnableResultTypes', 'EnableLocators', 'DisableListDemotion', 'DisableListPromotion']
  return { flags: annotations ? [...flags, 'EnableAnnotations'] : flags, signatureLevel: 'Overloads' }
}
