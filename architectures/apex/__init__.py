"""Oracle APEX: ORDS in containers before a database of RDS for Oracle."""
