-- Numbers in names are sealed from here on. No table changes; versions that would
-- store and look for names as they are stay away from this state.
SELECT 1;
