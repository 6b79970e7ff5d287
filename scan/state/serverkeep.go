package state

// writeKept marks files of which the rows stay as they are.
func (m *many) writeKept() error {
	if len(m.kept) == 0 {
		return nil
	}
	directories, names := make([]int64, len(m.kept)), make([]string, len(m.kept))
	for i, e := range m.kept {
		target, err := m.s.target(e.Target, m.run.id)
		if err != nil {
			return err
		}
		var folder string
		folder, names[i] = split(e.Path)
		if directories[i], err = m.s.directory(target, folder); err != nil {
			return err
		}
	}
	ids, err := m.filesAt(directories, names)
	if err != nil {
		return err
	}
	var files, identities []int64
	for i, e := range m.kept {
		if ids[i] == 0 {
			if err := m.run.copyMoved(m.s, e, directories[i], names[i]); err != nil {
				return err
			}
			continue
		}
		files, identities = append(files, ids[i]), append(identities, int64(e.ID))
		m.run.folders.saved(e)
	}
	if len(files) == 0 {
		return nil
	}
	return m.s.do("UPDATE file SET run = ?1, gone = NULL, identity = new.identity FROM unnest(?2::bigint[], ?3::bigint[]) AS new (id, identity) WHERE file.id = new.id", m.run.id, files, identities)
}

// filesAt returns the numbers of files; 0 where there is none.
func (m *many) filesAt(directories []int64, names []string) ([]int64, error) {
	if err := m.s.flush(); err != nil {
		return nil, err
	}
	rows, err := m.s.tx.QueryContext(m.s.ctx, `
SELECT at, file.id FROM unnest(?::bigint[], ?::text[]) WITH ORDINALITY AS asked (directory, name, at)
JOIN file ON file.directory = asked.directory AND text_key(file.name) = text_key(asked.name)`, directories, names)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	ids := make([]int64, len(names))
	for rows.Next() {
		var at, id int64
		if err := rows.Scan(&at, &id); err != nil {
			return nil, err
		}
		ids[at-1] = id
	}
	return ids, rows.Err()
}
