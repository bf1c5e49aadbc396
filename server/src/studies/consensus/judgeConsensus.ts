import type { CriterionResult } from '@voxcord/schemas/api';
import { evaluateCondition, figuresOfConsensus } from '@voxcord/schemas/criteria';
import type { ComputedResult, ConsensusOutcome, ConsensusTask, MeasuredOutcome } from './consensusTask.js';

/**
 * Adds what the protocol asks for: triggers, which disputes somebody has to decide, and acceptance. Takes milliseconds,
 * less than a thread takes to load what reads expressions.
 */
export function judgeConsensus(task: ConsensusTask, outcome: MeasuredOutcome): ConsensusOutcome {
  const { adjudication, acceptance, segments } = task;
  const { measured, warnings, labelMapRoot, ...rest } = outcome;
  const figures = figuresOfConsensus(measured, segments);
  const triggers = adjudication.triggers.map((expression, index): CriterionResult => ({
    id: `trigger-${index + 1}`,
    expression,
    description: '',
    ...copyEvaluation(evaluateCondition(expression, figures))
  }));
  // A trigger that cannot be evaluated asks for a decision: nobody knows whether it is needed.
  const isTriggered = triggers.some(({ met }) => met !== false);
  const asks = adjudication.rule === 'always' || (adjudication.rule === '2+1' && isTriggered);
  const disputes = measured.disputes.map(dispute => ({
    ...dispute,
    asked: asks && dispute.volumeMl >= adjudication.minimumVolume
  }));
  const result: ComputedResult = {
    segments: measured.segments,
    agreement: measured.agreement,
    lesions: measured.lesions,
    disputes,
    adjudication: { needed: disputes.some(({ asked }) => asked), triggers, read: null },
    criteria: acceptance.map(({ id, expression, description }) => ({
      id,
      expression,
      description,
      ...copyEvaluation(evaluateCondition(expression, figures))
    })),
    warnings: [...warnings],
    labelMapRoot
  };
  return { ...rest, result };
}

function copyEvaluation({
  met,
  values,
  reason
}: ReturnType<typeof evaluateCondition>): Pick<CriterionResult, 'met' | 'values' | 'reason'> {
  return { met, values: values.map(value => ({ ...value })), reason };
}
