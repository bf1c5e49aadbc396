import type { TranslationBundle } from '@jupyterlab/translation';
import type { Member, ReaderProfile, Role } from '@voxcord/schemas/api';
import { type ReactNode, useState } from 'react';
import { Section } from '../panels/section.js';
import { IconButton } from '../ui/iconButton.js';
import { removeIcon } from '../ui/icons.js';
import { KeptField } from '../ui/keptField.js';
import { LoadFailed } from '../ui/loadFailed.js';
import type { MembersModel } from './membersModel.js';
import { type RoleText, roleTexts } from './roleTexts.js';

export interface MembersTabProps {
  readonly model: MembersModel;
  readonly mayManage: boolean;
  readonly everyone: Role | null;
  readonly trans: TranslationBundle;
  /** Does something that may fail, and shows what went wrong; answers whether it was done. */
  readonly run: (action: () => Promise<void>) => Promise<boolean>;
}

/** Who takes part, in which role, and what a release tells of them. */
export function MembersTab(props: MembersTabProps): ReactNode {
  const { model, mayManage, everyone, trans } = props;
  const roles = roleTexts(trans);
  if (model.error !== null) {
    return <LoadFailed error={model.error} onRetry={() => void model.load()} trans={trans} isPage />;
  }
  if (model.members === null) return <p className="voxcord-Spinner">{trans.__('Loading people…')}</p>;
  return (
    <div className="voxcord-Study-page">
      <Section title={trans.__('People')} aside={model.members.length}>
        <table className="voxcord-Roster voxcord-mod-people">
          <thead>
            <tr>
              <th scope="col">{trans.__('Name')}</th>
              <th scope="col">{trans.__('Role')}</th>
              <th scope="col">{trans.__('Qualification')}</th>
              <th scope="col">{trans.__('Years')}</th>
              {mayManage && <th aria-label={trans.__('Actions')} />}
            </tr>
          </thead>
          <tbody>
            {model.members.map(member => (
              <MemberRow key={member.username} {...props} member={member} roles={roles} />
            ))}
          </tbody>
        </table>
        {mayManage && <AddMember {...props} roles={roles} />}
        <p className="voxcord-Hint">
          {everyone === null
            ? trans.__('Nobody else can see this project.')
            : trans.__(
                'Everybody else who is signed in takes part as: %1.',
                roles.find(({ value }) => value === everyone)?.label ?? everyone
              )}{' '}
          {trans.__(
            'Qualification and years of experience are printed in releases, as they are when the read is signed.'
          )}
        </p>
      </Section>
      <Section title={trans.__('Roles')}>
        <dl className="voxcord-Summary-parts">
          {roles.map(({ value, label, explanation }) => (
            <div key={value}>
              <dt>{label}</dt>
              <dd>{explanation}</dd>
            </div>
          ))}
        </dl>
      </Section>
    </div>
  );
}

interface MemberRowProps extends MembersTabProps {
  readonly member: Member;
  readonly roles: readonly RoleText[];
}

function MemberRow({ member, roles, model, mayManage, trans, run }: MemberRowProps): ReactNode {
  const { username, displayName, role, profile } = member;
  const setProfile = (part: Partial<ReaderProfile>): Promise<boolean> => run(() => model.setProfile(username, part));
  return (
    <tr data-member={username}>
      <th scope="row">
        {displayName} <span className="voxcord-Row-detail">({username})</span>
      </th>
      <td>
        <select
          className="voxcord-Select"
          value={role}
          disabled={!mayManage}
          aria-label={trans.__('Role of %1', displayName)}
          onChange={event => {
            const chosen = roles.find(({ value }) => value === event.target.value);
            if (chosen !== undefined) void run(() => model.set(username, { role: chosen.value }));
          }}
        >
          {roles.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </td>
      <td>
        <KeptField
          label={trans.__('Qualification of %1', displayName)}
          placeholder={mayManage ? trans.__('Radiologist, abdominal imaging') : ''}
          value={profile?.qualification ?? ''}
          isDisabled={!mayManage}
          onKeep={qualification => setProfile({ qualification })}
        />
      </td>
      <td>
        <KeptField
          label={trans.__('Years of experience of %1', displayName)}
          isNumber
          value={profile?.yearsOfExperience?.toString() ?? ''}
          isDisabled={!mayManage}
          onKeep={years => setProfile({ yearsOfExperience: years === '' ? null : Number(years) })}
        />
      </td>
      {mayManage && (
        <td>
          <IconButton
            icon={removeIcon}
            label={trans.__('Take %1 off the project; what they have made stays', displayName)}
            onClick={() => void run(() => model.remove(username))}
          />
        </td>
      )}
    </tr>
  );
}

interface AddMemberProps extends MembersTabProps {
  readonly roles: readonly RoleText[];
}

function AddMember({ model, roles, trans, run }: AddMemberProps): ReactNode {
  const [chosen, setChosen] = useState('');
  const [role, setRole] = useState<Role>('reader');
  const { others } = model;
  if (others.length === 0) {
    return (
      <p className="voxcord-Hint">
        {trans.__('Everybody whom the service knows is a member. Others appear here once they have signed in.')}
      </p>
    );
  }
  return (
    <div className="voxcord-Actions">
      <select
        className="voxcord-Select"
        value={chosen}
        aria-label={trans.__('Person to add')}
        onChange={event => setChosen(event.target.value)}
      >
        <option value="">{trans.__('Add somebody…')}</option>
        {others.map(({ username, displayName }) => (
          <option key={username} value={username}>
            {displayName} ({username})
          </option>
        ))}
      </select>
      <select
        className="voxcord-Select"
        value={role}
        aria-label={trans.__('Their role')}
        onChange={event => {
          const text = roles.find(({ value }) => value === event.target.value);
          if (text !== undefined) setRole(text.value);
        }}
      >
        {roles.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <button
        className="voxcord-Button"
        disabled={chosen === ''}
        onClick={() =>
          void run(async () => {
            await model.set(chosen, { role });
            setChosen('');
          })
        }
      >
        {trans.__('Add')}
      </button>
    </div>
  );
}
