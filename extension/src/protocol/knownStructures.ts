import type { Code, SegmentKind } from '@voxcord/schemas/api';

export interface KnownStructure {
  readonly group: 'abdomen' | 'chest' | 'head' | 'lesion';
  readonly name: string;
  readonly kind: SegmentKind;
  readonly code: Code;
}

function known(
  group: KnownStructure['group'],
  kind: SegmentKind,
  entries: readonly (readonly [name: string, value: string, meaning?: string])[]
): KnownStructure[] {
  return entries.map(([name, value, meaning = name]) => ({
    group,
    name,
    kind,
    code: { scheme: 'SCT', value, meaning }
  }));
}

/**
 * What is painted most often, with codes and meanings of SNOMED CT as DICOM segmentations use them. Anything else can be
 * typed in.
 */
export const KNOWN_STRUCTURES: readonly KnownStructure[] = [
  ...known('abdomen', 'structure', [
    ['Liver', '10200004'],
    ['Portal vein', '32764006'],
    ['Hepatic vein', '8993003'],
    ['Hepatic artery', '76015000'],
    ['Gallbladder', '28231008'],
    ['Spleen', '78961009'],
    ['Pancreas', '15776009'],
    ['Kidney', '64033007'],
    ['Adrenal gland', '23451007'],
    ['Stomach', '69695003'],
    ['Duodenum', '38848004'],
    ['Colon', '71854001'],
    ['Urinary bladder', '89837001'],
    ['Prostate', '41216001'],
    ['Aorta', '15825003'],
    ['Inferior vena cava', '64131007']
  ]),
  ...known('chest', 'structure', [
    ['Lung', '39607008'],
    ['Heart', '80891009'],
    ['Left ventricle', '87878005'],
    ['Right ventricle', '53085002'],
    ['Pulmonary artery', '81040000'],
    ['Esophagus', '32849002'],
    ['Trachea', '44567001']
  ]),
  ...known('head', 'structure', [
    ['Brain', '12738006'],
    ['White matter', '389080008'],
    ['Grey matter', '389081007', 'Gray matter'],
    ['Ventricles', '35764002', 'Brain ventricle'],
    ['Hippocampus', '5366008'],
    ['Thalamus', '42695009'],
    ['Spinal cord', '2748008']
  ]),
  ...known('lesion', 'lesion', [
    ['Lesion', '52988006'],
    ['Nodule', '27925004'],
    ['Mass', '4147007'],
    ['Tumour', '108369006', 'Neoplasm'],
    ['Primary tumour', '86049000', 'Neoplasm, Primary'],
    ['Metastasis', '14799000', 'Neoplasm, Secondary'],
    ['HCC nodule', '25370001', 'Hepatocellular carcinoma'],
    ['Cyst', '367643001', 'Cyst'],
    ['Oedema', '79654002', 'Edema'],
    ['Necrosis', '6574001'],
    ['Haemorrhage', '50960005', 'Hemorrhage']
  ])
];

/** The structure that somebody most likely means by `name`. */
export function knownByName(name: string): KnownStructure | null {
  const plain = name.trim().toLowerCase();
  return KNOWN_STRUCTURES.find(structure => structure.name.toLowerCase() === plain) ?? null;
}
