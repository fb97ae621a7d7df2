const list = (words: string): readonly string[] => words.trim().split(/\s+/);

/**
 * Words that keep their own token. Every other name becomes `x`, `fn`, `evil` or `catalogue`.
 */
export const vocabulary: ReadonlySet<string> = new Set([
  ...list(
    'and or xor not like ilike rlike regexp glob similar between in is exists any all ' +
      'distinct binary div mod',
  ),
  ...list(
    'select insert update delete drop create alter truncate exec execute declare merge call ' +
      'shutdown grant revoke waitfor handler copy load',
  ),
  ...list(
    'from where having group order by limit offset top into values set union intersect except ' +
      'minus procedure analyse outfile dumpfile infile',
  ),
  ...list(
    'table database schema view index function user login trigger begin if case when then ' +
      'else end iif cast convert delay time information_schema',
  ),
]);

/** Names that are values. */
export const literals: ReadonlySet<string> = new Set(list('null true false'));

/**
 * Functions that attacks call and honest texts do not contain: they wait, read files, open network
 * connections or provoke errors.
 */
export const dangerous: ReadonlySet<string> = new Set([
  ...list(
    'sleep benchmark pg_sleep load_file extractvalue updatexml gtid_subset name_const ' +
      'randomblob load_extension readfile writefile',
  ),
  ...list(
    'xp_cmdshell xp_dirtree xp_regread xp_fileexist sp_executesql sp_oacreate openrowset ' +
      'opendatasource lo_import pg_read_file pg_ls_dir',
  ),
  ...list(
    'utl_http utl_inaddr utl_smtp dbms_pipe dbms_lock dbms_ldap dbms_xmlgen ctxsys ' +
      'httpuritype sys_eval sys_exec query_to_xml',
  ),
]);

/** Functions that attacks use in conditions and subqueries; harmless by themselves. */
export const usual: ReadonlySet<string> = new Set([
  ...list(
    'char chr nchar ascii ord unicode substr substring mid exp left right length len lower ' +
      'upper hex unhex concat concat_ws group_concat',
  ),
  ...list(
    'string_agg listagg count version user current_user session_user system_user database ' +
      'db_name schema host_name suser_name',
  ),
  ...list(
    'ifnull isnull nullif coalesce greatest least rand floor round elt make_set field instr ' +
      'locate position char_length bit_length',
  ),
  ...list(
    'exists cast convert current_database sqlite_version last_insert_rowid row_count uuid ' +
      'json_extract json_keys json_value to_char',
  ),
]);

/** Tables with the metadata of databases. */
export const catalogues = new RegExp(
  `^(?:${[
    String.raw`sysobjects|syscolumns|sysusers|sys\.\w+|sqlite_master|sqlite_schema`,
    'pg_catalog|pg_tables|pg_user|pg_shadow|pg_class|all_tables|user_tables|all_users|dba_users',
    String.raw`mysql\.user|msysobjects|innodb_table_stats`,
  ].join('|')})$`,
);
