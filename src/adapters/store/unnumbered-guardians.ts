/**
 * Erases from a child's answer the names and dates of birth of guardians without a number, who are known by nothing
 * else there. Changes nothing where there are none.
 */
export const ERASE_UNNUMBERED = `
  UPDATE snapshot SET answer = json_set(answer, '$.guardianship.current', json((
     SELECT json_group_array(json(iif(value ->> 'id' IS NULL, json_remove(value, '$.name', '$.birthDate'), value)))
     FROM json_each(answer, '$.guardianship.current'))))
  WHERE person_id = ? AND EXISTS (
    SELECT 1 FROM json_each(answer, '$.guardianship.current') AS one
    WHERE one.value ->> 'id' IS NULL
      AND (one.value -> 'name' IS NOT NULL OR one.value -> 'birthDate' IS NOT NULL))`;
