import { ProjectError } from '../projects/errors.js';
import { StudyError } from './errors.js';

/** What is found; null if it is not there for the one who asks, whatever the reason: nobody learns more by asking. */
export async function ifThere<Found>(looking: Promise<Found>): Promise<Found | null> {
  try {
    return await looking;
  } catch (error) {
    if (error instanceof ProjectError || error instanceof StudyError) return null;
    throw error;
  }
}
