import { CaseModel } from '../case/caseModel.js';

/** The case of a review: no read is joined until the adjudication has begun. */
export class ReviewCase extends CaseModel {
  protected override readToJoin(): null {
    return null;
  }
}
