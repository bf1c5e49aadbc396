import { LabIcon } from '@jupyterlab/ui-components';

/** Line icons on a 24-pixel grid; `jp-icon3` takes the colour of the theme's text. */
function lineIcon(name: string, shapes: string): LabIcon {
  return new LabIcon({
    name: `voxcord:${name}`,
    svgstr:
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="16" height="16" fill="none" ' +
      'stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">' +
      `<g class="jp-icon-selectable-inverse voxcord-icon-line" stroke="currentColor">${shapes}</g></svg>`
  });
}

/** A voxel with a cord around it. */
export const voxcordIcon = new LabIcon({
  name: 'voxcord:voxcord',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="16" height="16">' +
    '<g class="jp-icon3" fill="#616161">' +
    '<path d="M12 2 3.5 6.7v9.6L12 21l8.5-4.7V6.7zm0 2.1 5.9 3.3L12 10.6 6.1 7.4zM5.3 9.2l5.8 3.1v6.1l-5.8-3.2zm13.4 0v6l-5.8 3.2v-6.1z"/>' +
    '</g></svg>'
});
export const caseIcon = lineIcon(
  'case',
  '<rect x="3" y="4" width="18" height="16" rx="1"/><path d="M12 4v16M3 12h18"/>'
);
/** A stack of slices. */
export const volumeIcon = lineIcon(
  'volume',
  '<path d="m12 3 9 4.5-9 4.5-9-4.5z"/><path d="m3 12 9 4.5 9-4.5"/><path d="m3 16.5 9 4.5 9-4.5"/>'
);
export const peopleIcon = lineIcon(
  'people',
  '<circle cx="9" cy="8" r="3.2"/><path d="M3 20c0-3.6 2.7-5.8 6-5.8s6 2.2 6 5.8"/><path d="M16 5.2a3 3 0 0 1 0 5.6M18 14.6c1.9.9 3 2.8 3 5.4"/>'
);
export const brushIcon = lineIcon(
  'brush',
  '<path d="M20 4 10.5 13.5"/><path d="M9.5 12.5c-2.5-.6-4.3 1-4.5 3.3-.1 1.3-.7 2.2-2 2.7 3.3 1.7 8.6 1.1 9-3-.1-1.5-.9-2.6-2.5-3z"/>'
);
export const eraserIcon = lineIcon(
  'eraser',
  '<path d="m4 15 9.5-9.5a1.4 1.4 0 0 1 2 0l4 4a1.4 1.4 0 0 1 0 2L12 19H8z"/><path d="m9 10 6 6M12 19h8"/>'
);
/** A border around a place that somebody points at. */
export const proposeIcon = lineIcon(
  'propose',
  '<path stroke-dasharray="3 2.4" d="M12 4c5 0 8.5 3 8 7.5S17 20 12 20s-8.5-3.5-8-8.5S7 4 12 4z"/><path d="M12 9v6M9 12h6"/>'
);
export const windowIcon = lineIcon(
  'window',
  '<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5v17" /><path fill="currentColor" stroke="none" d="M12 3.5a8.5 8.5 0 0 1 0 17z"/>'
);
export const crosshairIcon = lineIcon(
  'crosshair',
  '<circle cx="12" cy="12" r="6.5"/><path d="M12 2v7M12 15v7M2 12h7M15 12h7"/>'
);
export const panIcon = lineIcon(
  'pan',
  '<path d="M12 3v18M3 12h18"/><path d="m9.5 5.5L12 3l2.5 2.5M9.5 18.5 12 21l2.5-2.5M5.5 9.5 3 12l2.5 2.5M18.5 9.5 21 12l-2.5 2.5"/>'
);
export const gridIcon = lineIcon(
  'layout-grid',
  '<rect x="4" y="4" width="16" height="16" rx="1"/><path d="M12 4v16M4 12h16"/>'
);
export const eyeIcon = lineIcon(
  'eye',
  '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="2.8"/>'
);
export const eyeOffIcon = lineIcon(
  'eye-off',
  '<path d="M4 4l16 16"/><path d="M9.5 5.9A9 9 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a16 16 0 0 1-3 3.7M6.2 7.8A15.6 15.6 0 0 0 2.5 12S6 18.5 12 18.5c1.5 0 2.8-.4 4-1"/>'
);
export const undoMineIcon = lineIcon('undo', '<path d="M8 5 4 9l4 4"/><path d="M4 9h9.5a5.5 5.5 0 0 1 0 11H9"/>');
export const redoMineIcon = lineIcon('redo', '<path d="m16 5 4 4-4 4"/><path d="M20 9h-9.5a5.5 5.5 0 0 0 0 11H15"/>');
/** Three reads that overlap. */
export const consensusIcon = lineIcon(
  'consensus',
  '<circle cx="9" cy="9.5" r="5.5"/><circle cx="15" cy="9.5" r="5.5"/><circle cx="12" cy="14.7" r="5.5"/>'
);
/** A list of what is to be decided. */
export const disputeIcon = lineIcon(
  'dispute',
  '<path d="m3.5 6.5 1.8 1.8L8.5 5M3.5 13l1.8 1.8L8.5 11.5"/><path d="M12 7h8.5M12 13.5h8.5M12 19.5h8.5M4 19.5h3.5"/>'
);
/** Points around a line. */
export const agreementIcon = lineIcon(
  'agreement',
  '<path d="M4 4v16h16"/><path d="M7.5 13h12" stroke-dasharray="2.5 2.5"/><path d="M9 9.5v.01M12.5 15.5v.01M15 11v.01M18 8v.01M18 16v.01" stroke-width="2.6"/>'
);
/** A curve that rises towards a line. */
export const evaluationIcon = lineIcon(
  'evaluation',
  '<path d="M4 4v16h16"/><path d="M7 17c1.5-7 5-9.5 12.5-10"/><path d="M7 5h12.5" stroke-dasharray="2.5 2.5"/>'
);
/** A page with a seal. */
export const releaseIcon = lineIcon(
  'release',
  '<path d="M6 3h9l4 4v6"/><path d="M6 3v18h6"/><path d="M9 9h6M9 12.5h4"/><circle cx="16.5" cy="16.5" r="3"/><path d="m15 19-.7 3 2.2-1.2 2.2 1.2-.7-3"/>'
);
export const plusIcon = lineIcon('plus', '<path d="M12 5v14M5 12h14"/>');
export const refreshCasesIcon = lineIcon(
  'refresh',
  '<path d="M19.5 12a7.5 7.5 0 1 1-2.2-5.3L20 9"/><path d="M20 4v5h-5"/>'
);
export const upIcon = lineIcon('up', '<path d="m5 14 7-7 7 7"/>');
export const downIcon = lineIcon('down', '<path d="m5 10 7 7 7-7"/>');
export const removeIcon = lineIcon('remove', '<path d="M6 6l12 12M18 6 6 18"/>');
/** A sheet with lines and a seal. */
export const protocolIcon = lineIcon(
  'protocol',
  '<path d="M6 3h9l4 4v14H6z"/><path d="M15 3v4h4M9 11h7M9 15h4"/><circle cx="15.5" cy="17" r="1.6"/>'
);
/** A small network. */
export const modelIcon = lineIcon(
  'model',
  '<circle cx="5" cy="7" r="2"/><circle cx="5" cy="17" r="2"/><circle cx="12.5" cy="12" r="2"/><circle cx="19.5" cy="12" r="1.6"/><path d="m6.8 8.2 4 2.6M6.8 15.8l4-2.6M14.5 12h3.4"/>'
);
