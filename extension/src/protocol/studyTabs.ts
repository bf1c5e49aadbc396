/** Parts of the document of a study. */
export const STUDY_TABS = ['protocol', 'people', 'reads', 'groups'] as const;
export type StudyTab = (typeof STUDY_TABS)[number];

export function isStudyTab(value: unknown): value is StudyTab {
  return STUDY_TABS.some(tab => tab === value);
}
